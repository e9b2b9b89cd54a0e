import type {
  CriarCobrancaRequest,
  UsarCreditosRequest,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { dinheiroFrom, instanteFrom, required } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { CriarCobrancaCommand } from '../application/criar-cobranca.ts';
import type { UsarCreditosCommand } from '../application/usar-creditos.ts';

/** @param podeGastar whether the caller may spend the customer's credit */
export function criarCobrancaFrom(req: CriarCobrancaRequest, podeGastar: boolean): CriarCobrancaCommand {
  return { ...usarCreditosFrom(req), guardarCreditos: req.guardarCreditos || !podeGastar };
}

export function usarCreditosFrom(req: CriarCobrancaRequest | UsarCreditosRequest): UsarCreditosCommand {
  const { reservaId, clienteId, descricao } = req;
  const expiraEm = instanteFrom(required(req.expiraEm));
  const valor = dinheiroFrom(required(req.valor));
  return { reservaId, clienteId, valor, descricao, expiraEm, causa: 'rpc' };
}
