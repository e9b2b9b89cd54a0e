import {
  type EncerrarOuDevolver,
  EncerrarOuDevolverSchema,
} from '@plataforma/contratos/reservas/v1/comandos_pb';
import { type ReservaCancelada, ReservaCanceladaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  type EventMeta,
  type EventSubscription,
  on,
  PermanentError,
} from '@plataforma/runtime/event-message';
import { causaDe, permanente } from '../../pagamento/infrastructure/evento-recebido.ts';
import type { AtenderCancelamentoHandler } from '../application/atender-cancelamento.ts';

/** The fact, or that which was asked for again because no answer to the fact was heard. */
type Cancelamento = ReservaCancelada | EncerrarOuDevolver;

/** What a cancelled reservation gives its customer, and what becomes of its charge. */
export function cancelamentoConsumer(
  atender: Pick<AtenderCancelamentoHandler, 'execute'>,
): EventSubscription[] {
  const atenderA = async (evento: Cancelamento, meta: EventMeta) => {
    const { reservaId, clienteId } = evento;
    const atendido = await atender.execute({
      // What somebody wrote about it is sealed, and has no place among payments, which are kept for years.
      ...{ reservaId, clienteId, motivo: 'RESERVA_CANCELADA' },
      bonus: bonusDe(evento),
      reembolso: reembolsoDe(evento),
      pedido: meta.agregado.versao,
      em: meta.ocorridoEm,
      causa: causaDe(meta),
    });
    if (atendido.isFailure) throw permanente(reservaId, atendido.error);
  };
  return [on(ReservaCanceladaSchema, atenderA), on(EncerrarOuDevolverSchema, atenderA)];
}

function bonusDe({ reservaId, creditoBonus }: Cancelamento): Dinheiro | undefined {
  if (!creditoBonus || creditoBonus.centavos === 0n) return undefined;
  const { centavos, moeda } = creditoBonus;
  if (centavos < 0n || moeda !== 'BRL')
    throw new PermanentError(`${reservaId}: bonus of ${centavos} ${moeda}`);
  return Dinheiro.deCentavos(centavos, moeda);
}

/** Undefined when nothing goes back. */
function reembolsoDe({ reembolso }: Cancelamento): Dinheiro | undefined {
  return reembolso && reembolso.centavos !== 0n
    ? Dinheiro.deCentavos(reembolso.centavos, reembolso.moeda)
    : undefined;
}
