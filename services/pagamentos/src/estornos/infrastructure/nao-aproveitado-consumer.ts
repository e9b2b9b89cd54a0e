import { PagamentoNaoAproveitadoSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type EventSubscription, on } from '@plataforma/runtime/event-message';
import { causaDe, permanente } from '../../pagamento/infrastructure/evento-recebido.ts';
import type { SolicitarEstornoHandler } from '../application/solicitar-estorno.ts';

/** Money that no reservation takes goes back. */
export function naoAproveitadoConsumer(solicitarEstorno: SolicitarEstornoHandler): EventSubscription {
  return on(PagamentoNaoAproveitadoSchema, async ({ pagamentoId, codigo }, meta) => {
    const pedido = { pagamentoId, origem: 'NAO_APROVEITADO', valor: undefined, motivo: codigo } as const;
    const pedida = await solicitarEstorno.execute({ ...pedido, causa: causaDe(meta) });
    if (pedida.isFailure) throw permanente(pagamentoId, pedida.error);
  });
}
