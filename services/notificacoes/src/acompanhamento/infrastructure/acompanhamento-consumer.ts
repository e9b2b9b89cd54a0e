import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  ReservaOferecidaSchema,
  VagaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on } from '@plataforma/runtime/event-message';
import type { PersonalKeys } from '@plataforma/runtime/personal-keys';
import type { RegistrarFatoHandler } from '../application/registrar-fato.ts';
import type { Fato } from '../domain/reserva-acompanhada.ts';
import {
  aprovadoFrom,
  canceladaFrom,
  cartaoRecusadoFrom,
  cobrancaCanceladaFrom,
  cobrancaCriadaFrom,
  confirmadaFrom,
  criadaFrom,
  estornoFrom,
  expiradaFrom,
  reservaOferecidaFrom,
  vagaOferecidaFrom,
} from './fato-mapper.ts';

interface Deps {
  readonly registrar: Pick<RegistrarFatoHandler, 'execute'>;
  /** Messages may have become due. */
  readonly wake: () => void;
}

const RESERVATIONS = 'notificacoes-reservas';
const PAYMENTS = 'notificacoes-pagamentos';

/** What happens to reservations. */
export function reservasConsumer({ keys, ...deps }: Deps & { readonly keys: PersonalKeys }): ConsumeOptions {
  const note = noting(deps, RESERVATIONS);
  return {
    stream: 'RESERVAS',
    durable: RESERVATIONS,
    filter: 'reservas.v1.>',
    on: [
      on(ReservaCriadaSchema, (evento, meta) => note(evento, meta, criadaFrom(evento, versionOf(meta)))),
      on(ReservaConfirmadaSchema, (evento, meta) =>
        note(evento, meta, confirmadaFrom(evento, versionOf(meta))),
      ),
      on(
        ReservaCanceladaSchema,
        (evento, meta) => note(evento, meta, canceladaFrom(evento, versionOf(meta))),
        // What becomes of the reservation is known also when nobody is left to be told.
        { keys, erased: 'HANDLED' },
      ),
      on(ReservaExpiradaSchema, (evento, meta) => note(evento, meta, expiradaFrom(evento, versionOf(meta)))),
      on(VagaOferecidaSchema, (evento, meta) => note(evento, meta, vagaOferecidaFrom(evento))),
      on(ReservaOferecidaSchema, (evento, meta) => note(evento, meta, reservaOferecidaFrom(evento))),
    ],
  };
}

/** What happens to their money. */
export function pagamentosConsumer(deps: Deps): ConsumeOptions {
  const note = noting(deps, PAYMENTS);
  return {
    stream: 'PAGAMENTOS',
    durable: PAYMENTS,
    filter: 'pagamentos.v1.>',
    on: [
      on(CobrancaCriadaSchema, (evento, meta) =>
        note(evento, meta, cobrancaCriadaFrom(evento, versionOf(meta))),
      ),
      on(PagamentoAprovadoSchema, (evento, meta) => note(evento, meta, aprovadoFrom(evento))),
      // After the last card there is nothing to try: what becomes of the reservation is told by its own events.
      on(PagamentoRecusadoSchema, async (evento, meta) => {
        if (!evento.definitiva) await note(evento, meta, cartaoRecusadoFrom(evento, meta.id));
      }),
      // Of a charge that was not paid nothing goes back, and no customer waits to hear so.
      on(CobrancaCanceladaSchema, async (evento, meta) => {
        if (evento.foiPaga) await note(evento, meta, cobrancaCanceladaFrom(evento));
      }),
      on(EstornoSolicitadoSchema, (evento, meta) => note(evento, meta, estornoFrom(evento, 'SOLICITADO'))),
      on(EstornoConcluidoSchema, (evento, meta) => note(evento, meta, estornoFrom(evento, 'CONCLUIDO'))),
      on(EstornoFalhouSchema, (evento, meta) => note(evento, meta, estornoFrom(evento, 'FALHOU'))),
    ],
  };
}

/** Something happened, so there is a version, also when a publisher forgot to say which. */
const versionOf = ({ agregado }: EventMeta): number => Math.max(1, agregado.versao || 0);

/** What every event about a reservation does. */
function noting({ registrar, wake }: Deps, consumidor: string) {
  return async (
    { reservaId, clienteId }: { reservaId: string; clienteId: string },
    { id }: EventMeta,
    fato: Fato,
  ): Promise<void> => {
    const escritas = await registrar.execute({ consumidor, mensagemId: id, clienteId, reservaId, fato });
    if (escritas > 0) wake();
  };
}
