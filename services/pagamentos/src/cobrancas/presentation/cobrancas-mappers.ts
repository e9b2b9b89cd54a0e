import type {
  CriarCobrancaRequest,
  UsarCreditosRequest,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { required, toDinheiro, toInstante } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { CriarCobrancaCommand } from '../application/criar-cobranca.ts';
import type { UsarCreditosCommand } from '../application/usar-creditos.ts';

/** @param podeGastar whether the caller may spend the customer's credit */
export function toCriarCobranca(req: CriarCobrancaRequest, podeGastar: boolean): CriarCobrancaCommand {
  return { ...toUsarCreditos(req), guardarCreditos: req.guardarCreditos || !podeGastar };
}

export function toUsarCreditos(req: CriarCobrancaRequest | UsarCreditosRequest): UsarCreditosCommand {
  const { reservaId, clienteId, descricao } = req;
  const expiraEm = toInstante(required(req.expiraEm));
  const valor = toDinheiro(required(req.valor));
  return { reservaId, clienteId, valor, descricao, expiraEm, causa: 'rpc' };
}
