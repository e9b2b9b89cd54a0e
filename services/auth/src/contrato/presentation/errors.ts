import { Code } from '@connectrpc/connect';
import { refusals } from '@plataforma/runtime/errors';

/** The refusals of auth on the wire (see the `motivo_erro.proto` of `proto/auth/v1` and `proto/comum/v1`). */
export const { valueOrThrow } = refusals({
  CREDENCIAIS_INVALIDAS: Code.Unauthenticated,
  SENHA_FRACA: Code.InvalidArgument,
  SENHA_REPETIDA: Code.InvalidArgument,
  SESSAO_NAO_ENCONTRADA: Code.NotFound,
  TOKEN_RENOVACAO_INVALIDO: Code.Unauthenticated,
  TOKEN_RENOVACAO_REUTILIZADO: Code.Unauthenticated,
  SERVICO_DESCONHECIDO: Code.Unauthenticated,
  AUDIENCIA_NAO_PERMITIDA: Code.PermissionDenied,
  USUARIO_NAO_ENCONTRADO: Code.NotFound,
  ULTIMO_ADMIN: Code.FailedPrecondition,
  REQUISICAO_INVALIDA: Code.InvalidArgument,
  PAGINA_INVALIDA: Code.InvalidArgument,
  ACESSO_NEGADO: Code.PermissionDenied,
  MUITAS_TENTATIVAS: Code.ResourceExhausted,
  CODIGO_EMAIL_INVALIDO: Code.InvalidArgument,
  MFA_CODIGO_INVALIDO: Code.Unauthenticated,
  EMAIL_NAO_VERIFICADO: Code.FailedPrecondition,
  MFA_CODIGO_NECESSARIO: Code.Unauthenticated,
  MFA_TOKEN_INVALIDO: Code.Unauthenticated,
  MFA_JA_ATIVO: Code.FailedPrecondition,
  MFA_NAO_ATIVO: Code.FailedPrecondition,
  MFA_CONFIGURACAO_AUSENTE: Code.FailedPrecondition,
  GOOGLE_LOGIN_INVALIDO: Code.Unauthenticated,
  GOOGLE_INDISPONIVEL: Code.FailedPrecondition,
  GOOGLE_EMAIL_NAO_VERIFICADO: Code.FailedPrecondition,
  GOOGLE_VINCULO_NECESSARIO: Code.FailedPrecondition,
  USUARIO_INATIVO: Code.PermissionDenied,
});
