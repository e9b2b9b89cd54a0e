import type { DetalhesDoPagamento, EstadoReserva, MotivoNaoAproveitado } from './estado-reserva.ts';

/**
 * Why a payment that was captured cannot be taken; undefined when it can.
 *
 * @param vagaLivre whether the slot of a reservation that expired can be had again
 */
export function recusaDoPagamento(
  { status, pagamentoId, pagamentoNaoAproveitado, preco, periodo }: EstadoReserva,
  recebido: string,
  valor: DetalhesDoPagamento['valor'],
  vagaLivre: boolean,
  em: Date,
): MotivoNaoAproveitado | undefined {
  if (pagamentoId !== undefined && pagamentoId !== recebido) return 'OUTRO_PAGAMENTO';
  if (status === 'CANCELADA') return 'RESERVA_CANCELADA';
  if (valor && !preco.valor.equals(valor)) return 'VALOR_DIVERGENTE';
  // Given back is given back, although the slot may be free by now: the money is on its way.
  if (pagamentoNaoAproveitado === recebido) return 'SLOT_OCUPADO';
  const semVaga = status === 'EXPIRADA' && (!vagaLivre || em >= periodo.inicio);
  return semVaga ? 'SLOT_OCUPADO' : undefined;
}
