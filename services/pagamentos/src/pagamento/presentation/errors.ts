import { Code, type ConnectError } from '@connectrpc/connect';
import { rpcError } from '@plataforma/runtime/errors';
import type { RecusaDeCobranca } from '../../cobrancas/domain/decisoes.ts';
import type { RecusaDeEstorno } from '../../estornos/domain/estorno.ts';
import type { FusoInvalidoError, PeriodoInvalidoError } from '../../extrato/domain/periodo.ts';
import type { PaginaInvalidaError, ProvedorIndisponivelError } from '../application/errors.ts';

type ErroDeChamada =
  | RecusaDeCobranca
  | RecusaDeEstorno
  | ProvedorIndisponivelError
  | PaginaInvalidaError
  | PeriodoInvalidoError
  | FusoInvalidoError;

/** A new reason without a line here does not compile. */
const CODIGO: Record<ErroDeChamada['motivo'], Code> = {
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

export function toRpcError(error: ErroDeChamada): ConnectError {
  return rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes, error);
}
