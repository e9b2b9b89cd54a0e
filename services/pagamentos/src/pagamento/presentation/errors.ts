import { Code } from '@connectrpc/connect';
import { refusals } from '@plataforma/runtime/errors';
import type { Recusa } from '../domain/recusa.ts';

/** Each reason that a caller may be refused for. */
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

export const { toRpcError, valueOrThrow } = refusals(CODIGO);
