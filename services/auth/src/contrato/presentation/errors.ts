import { Code, type ConnectError } from '@connectrpc/connect';
import { retryAfter, rpcError } from '@plataforma/runtime/errors';
import { type Motivo, MuitasTentativasError, type Recusa } from '../domain/recusa.ts';

const CODIGO: Readonly<Record<Motivo, Code>> = {
  CREDENCIAIS_INVALIDAS: Code.Unauthenticated,
  EMAIL_JA_CADASTRADO: Code.AlreadyExists,
  SENHA_FRACA: Code.InvalidArgument,
  TOKEN_RENOVACAO_INVALIDO: Code.Unauthenticated,
  TOKEN_RENOVACAO_REUTILIZADO: Code.Unauthenticated,
  SERVICO_DESCONHECIDO: Code.Unauthenticated,
  AUDIENCIA_NAO_PERMITIDA: Code.PermissionDenied,
  USUARIO_NAO_ENCONTRADO: Code.NotFound,
  ULTIMO_ADMIN: Code.FailedPrecondition,
  REQUISICAO_INVALIDA: Code.InvalidArgument,
  ACESSO_NEGADO: Code.PermissionDenied,
  MUITAS_TENTATIVAS: Code.ResourceExhausted,
  CODIGO_EMAIL_INVALIDO: Code.InvalidArgument,
};

/** The business failure as the caller sees it. */
export function toRpcError(error: Recusa): ConnectError {
  const told = rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes);
  return error instanceof MuitasTentativasError ? retryAfter(told, error.segundos) : told;
}
