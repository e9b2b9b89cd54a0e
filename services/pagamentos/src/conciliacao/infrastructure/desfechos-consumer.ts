import {
  PagamentoAproveitadoSchema,
  ReservaConfirmadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type EventSubscription, on } from '@plataforma/runtime/event-message';
import type { PainelDeReconciliacao } from '../application/ports.ts';

/** Notes which payments have found their reservation. */
export function desfechosConsumer(painel: Pick<PainelDeReconciliacao, 'registrar'>): EventSubscription[] {
  return [
    on(ReservaConfirmadaSchema, (evento, meta) => painel.registrar(evento, meta.ocorridoEm)),
    on(PagamentoAproveitadoSchema, (evento, meta) => painel.registrar(evento, meta.ocorridoEm)),
  ];
}
