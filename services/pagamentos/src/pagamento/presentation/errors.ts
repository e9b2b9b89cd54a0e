import { Code, type ConnectError } from '@connectrpc/connect';
import type { Result } from '@plataforma/domain/result';
import { rpcError } from '@plataforma/runtime/errors';
import type { Recusa } from '../domain/recusa.ts';

/** A new reason without a line here does not compile. */
const CODIGO: Record<Recusa['motivo'], Code> = {
  VALOR_INVALIDO: Code.InvalidArgument,
  COBRANCA_DIVERGENTE: Code.FailedPrecondition,
  COBRANCA_ENCERRADA: Code.FailedPrecondition,
  TRANSICAO_INVALIDA: Code.FailedPrecondition,
  ESTORNO_ALEM_DO_CAPTURADO: Code.FailedPrecondition,
  ESTORNO_REPETIDO: Code.AlreadyExists,
  PAGAMENTO_NAO_ENCONTRADO: Code.NotFound,
  PROVEDOR_INDISPONIVEL: Code.Unavailable,
  PAGINA_INVALIDA: Code.InvalidArgument,
  PERIODO_INVALIDO: Code.InvalidArgument,
  FUSO_INVALIDO: Code.InvalidArgument,
};

export function toRpcError(error: Recusa): ConnectError {
  return rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes, error);
}

export function unwrap<T>(result: Result<T, Recusa>): T {
  if (result.isFailure) throw toRpcError(result.error);
  return result.value;
}
