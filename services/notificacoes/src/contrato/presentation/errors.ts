import { Code, type ConnectError } from '@connectrpc/connect';
import { rpcError } from '@plataforma/runtime/errors';
import type { Motivo, Recusa } from '../domain/recusa.ts';

const CODIGO: Readonly<Record<Motivo, Code>> = {
  PAGINA_INVALIDA: Code.InvalidArgument,
  TELEFONE_AUSENTE: Code.InvalidArgument,
};

/** The business failure as the caller sees it. */
export function toRpcError(error: Recusa): ConnectError {
  return rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes);
}
