import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { creditosPara } from '../../creditos/domain/credito.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { Cobranca, EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import { criarCobranca, type PedidoCobranca, proximaTentativa, type RecusaDeCobranca } from './cobranca.ts';

type Eventos = readonly PagamentoEvent[];

/**
 * The customer wants their credit to pay a charge that asks the card for everything. It stays payable by card until its
 * checkout is known to be closed unpaid, so the customer never pays twice. Once is enough: nothing happens when credit is used or asked
 * for already, when there is none that could be used, or when the charge is paid.
 *
 * @param disponivel credit of the customer that may be used
 */
export function pedirCreditos(
  cobranca: Cobranca,
  pedido: PedidoCobranca,
  em: Date,
  disponivel: Dinheiro,
): Result<Eventos, RecusaDeCobranca> {
  const mesma = criarCobranca(cobranca, cobranca.id, pedido, em);
  if (mesma.isFailure) return mesma;
  const { valor, creditos, creditosPedidos, expiraEm } = cobranca;
  const feito = cobranca.fase !== 'PENDENTE' || creditos.centavos > 0n || creditosPedidos === true;
  if (feito || em >= expiraEm || creditosPara(valor, disponivel).centavos === 0n) return Result.ok([]);
  return Result.ok([{ tipo: 'CreditosPedidos', em }]);
}

/** Whether the credit that was asked for can be used: the charge has no checkout that could be paid by card at this moment. */
export function usaCreditos(estado: EstadoPagamento): estado is Cobranca {
  return estado.fase === 'PENDENTE' && estado.creditosPedidos === true && estado.checkout === undefined;
}

/** Sets credit aside for a charge that has no checkout any more; the card is asked for the rest, if there is one. */
export function usarCreditos(estado: EstadoPagamento, em: Date, disponivel: Dinheiro): Eventos {
  if (!usaCreditos(estado)) return [];
  const creditos = creditosPara(estado.valor, disponivel);
  const usados: PagamentoEvent = { tipo: 'CreditosUsados', creditos, em };
  const paga: PagamentoEvent = { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em };
  const seguinte = () => proximaTentativa((estado.tentativa?.numero ?? 0) + 1, estado.expiraEm, em);
  return [usados, creditos.equals(estado.valor) ? paga : seguinte()];
}
