import { Code, type ConnectError } from '@connectrpc/connect';
import { rpcError } from '@plataforma/runtime/errors';
import type { PaginaInvalidaError } from '../../application/page-token.ts';
import type { TelefoneAusenteError } from '../../application/preferencias-do-cliente.ts';

/** Business failures of this service (see `proto/notificacoes/v1/motivo_erro.proto`). */
type Falha = PaginaInvalidaError | TelefoneAusenteError;

const CODIGO: Readonly<Record<Falha['motivo'], Code>> = {
  PAGINA_INVALIDA: Code.InvalidArgument,
  TELEFONE_AUSENTE: Code.InvalidArgument,
};

/** The business failure as the caller sees it. */
export function toRpcError(error: Falha): ConnectError {
  return rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes);
}
