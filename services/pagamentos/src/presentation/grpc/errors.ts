import { Code, type ConnectError } from '@connectrpc/connect';
import { rpcError } from '@plataforma/runtime/errors';
import type { PaginaInvalidaError, ProvedorIndisponivelError } from '../../application/errors.ts';
import type {
  CobrancaDivergenteError,
  PagamentoNaoEncontradoError,
  ValorInvalidoError,
} from '../../domain/errors.ts';

type ErroDeChamada =
  | ValorInvalidoError
  | CobrancaDivergenteError
  | PagamentoNaoEncontradoError
  | ProvedorIndisponivelError
  | PaginaInvalidaError;

/** A new reason without a line here does not compile. */
const CODIGO: Record<ErroDeChamada['motivo'], Code> = {
  VALOR_INVALIDO: Code.InvalidArgument,
  COBRANCA_DIVERGENTE: Code.FailedPrecondition,
  PAGAMENTO_NAO_ENCONTRADO: Code.NotFound,
  PROVEDOR_INDISPONIVEL: Code.Unavailable,
  PAGINA_INVALIDA: Code.InvalidArgument,
};

export function toRpcError(error: ErroDeChamada): ConnectError {
  return rpcError(CODIGO[error.motivo], error.motivo, error.message, error.detalhes, error);
}
