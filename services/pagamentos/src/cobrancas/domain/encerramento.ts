import { Dinheiro } from '@plataforma/domain/dinheiro';
import { sustentaReserva } from '../../pagamento/domain/contas.ts';
import type { MotivoEncerramento, PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { EstadoPagamento } from '../../pagamento/domain/pagamento.ts';

/** A reservation that asks for its charge to be closed, because it ends without having been paid. */
export interface PedidoDeEncerramento {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly motivo: MotivoEncerramento;
  /** Version of the reservation: a higher one has not heard the answer to the lower. */
  readonly pedido: number;
}

type Eventos = readonly PagamentoEvent[];

/**
 * Closes the charge of a reservation. Only an open checkout can still bring money, so only there the provider has to
 * be asked first; a checkout whose address was never told cannot be paid. What is closed already is answered again,
 * once for each later request, and so is a reservation that expires although it was paid. A cancelled one asks for no
 * payment: it hears of late money once, and then it is given back.
 */
export function solicitarEncerramento(
  estado: EstadoPagamento,
  pagamentoId: string,
  { pedido, ...dados }: PedidoDeEncerramento,
  em: Date,
): Eventos {
  const { motivo } = dados;
  if (estado.fase === 'INEXISTENTE')
    return [{ tipo: 'CobrancaImpedida', pagamentoId, ...dados, valor: Dinheiro.zero(), pedido, em }];
  if (estado.fase === 'PENDENTE') {
    if (estado.encerramento) return [];
    const solicitado: PagamentoEvent = { tipo: 'EncerramentoSolicitado', motivo, pedido, em };
    return estado.checkout ? [solicitado] : [solicitado, { tipo: 'CobrancaCancelada', motivo, em }];
  }
  const ouve = motivo === 'RESERVA_EXPIRANDO' || !sustentaReserva(estado);
  return ouve && pedido > estado.ultimoPedido ? [{ tipo: 'EncerramentoRespondido', pedido, em }] : [];
}
