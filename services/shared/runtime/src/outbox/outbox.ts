/*
 * Room `outbox`: events that are published exactly if their effect is stored.
 *
 * A repository appends events in the transaction of its effect (this file). One relay per database (`outbox-relay.ts`) publishes
 * them, those of one aggregate in their order (`outbox-batch.ts`), and marks a row once the stream has stored its event
 * (`outbox-rows.ts`); a row may be published twice, under one message id. While NATS is away the rows wait, and
 * `outbox_idade_segundos` tells for how long. A service appends and never publishes.
 */

import { randomUUID } from 'node:crypto';
import {
  create,
  type DescMessage,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { context, propagation } from '@opentelemetry/api';
import type { Agregado } from '../events/event-message.ts';
import type { Sql } from '../postgres/transaction.ts';
import { currentTrail, newTrail, type Trail, trailHeaders } from '../trail/trail.ts';

export type { Agregado } from '../events/event-message.ts';

/** A fact for the other services. The subject is the protobuf full name: `reservas.v1.ReservaCriada`. */
export interface IntegrationEvent<S extends DescMessage = DescMessage> {
  readonly schema: S;
  readonly message: MessageShape<S> & Message;
  readonly agregado: Agregado;
  /** What it follows from, where that is not the work under way. */
  readonly trail?: Trail;
}

/**
 * Builds an event, filling in the message's defaults.
 *
 * @param trail of what waited in a row for somebody to do it
 */
export function integrationEvent<S extends DescMessage>(
  schema: S,
  init: MessageInitShape<S>,
  agregado: Agregado,
  trail?: Trail,
): IntegrationEvent<S> {
  return { schema, message: create(schema, init), agregado, ...(trail && { trail }) };
}

const INSERT = `
  insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload, cabecalhos)
  select id, tipo, agregado, versao, assunto, payload, cabecalhos
  from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::jsonb[], $7::jsonb[])
    with ordinality as e(id, tipo, agregado, versao, assunto, payload, cabecalhos, ordem)
  order by ordem`;

const INSERT_ONCE = `${INSERT}
  on conflict on constraint outbox_agregado_uq do nothing
  returning 1`;

/**
 * Writes the events in the caller's transaction: they exist exactly if the effect does. Append after the aggregate's
 * row is written: its row lock (or version check) is what makes the order of `posicao` the order of its versions.
 * Rejects with a unique violation when the same aggregate version already announced the same fact.
 */
export async function appendToOutbox(manager: Sql, events: readonly IntegrationEvent[]): Promise<void> {
  if (events.length > 0) await manager.query(INSERT, rowsOf(events));
}

/**
 * Writes an event unless the same version of its aggregate has announced the same fact already; tells whether it was new. For
 * facts that are alike and told once: what makes them so is in the aggregate's identity and version.
 */
export async function appendOnceToOutbox(manager: Sql, event: IntegrationEvent): Promise<boolean> {
  const inserted: unknown[] = await manager.query(INSERT_ONCE, rowsOf([event]));
  return inserted.length === 1;
}

function rowsOf(events: readonly IntegrationEvent[]): unknown[] {
  const traced: Record<string, string> = {};
  propagation.inject(context.active(), traced);
  const underWay = currentTrail() ?? newTrail({ type: 'system' });
  return [
    events.map(() => randomUUID()),
    events.map((event) => event.agregado.tipo),
    events.map((event) => event.agregado.id),
    events.map((event) => event.agregado.versao),
    events.map((event) => event.schema.typeName),
    events.map((event) => JSON.stringify(toJson(event.schema, event.message))),
    events.map((event) => JSON.stringify({ ...traced, ...trailHeaders(trailFrom(event, underWay)) })),
  ];
}

/** A worker is known by its name, which each service gives anew: by that of the service, too, it is one of all. */
function trailFrom({ schema, trail }: IntegrationEvent, underWay: Trail): Trail {
  const { actor, ...rest } = trail ?? underWay;
  if (actor.type !== 'system' || actor.id?.includes('/')) return { ...rest, actor };
  const [service] = schema.typeName.split('.', 1);
  return { ...rest, actor: { type: 'system', id: [service, actor.id].filter(Boolean).join('/') } };
}
