import { type DescMessage, fromJsonString, type MessageShape } from '@bufbuild/protobuf';
import { type MsgHdrs, headers as newHeaders } from '@nats-io/transport-node';
import type { PersonalKeys } from '../personal/personal-keys.ts';
import { newTrail, type Trail, trailHeaders, trailOf } from '../trail/trail.ts';

/** The aggregate a fact is about. `versao` grows by one with each change, so it orders the aggregate's events. */
export interface Agregado {
  readonly tipo: string;
  readonly id: string;
  readonly versao: number;
}

/** What a handler knows about a message besides its content. */
export interface EventMeta {
  /** Identity of the event, the same in every delivery and replay: the key for the inbox. */
  readonly id: string;
  readonly subject: string;
  readonly agregado: Agregado;
  readonly ocorridoEm: Date;
  /** 1 at the first delivery. */
  readonly entrega: number;
}

/** A message on its way to a stream. */
export interface OutgoingMessage {
  /** `Nats-Msg-Id`: the stream keeps one message per id within its duplicate window (5 minutes). */
  readonly id: string;
  readonly subject: string;
  readonly payload: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the outbox relay needs of the bus. */
export interface EventPublisher {
  /** Resolves once a stream has stored the message; rejects with `EventBusUnavailableError` when disconnected. */
  publish(message: OutgoingMessage): Promise<void>;
}

export type EventHandler<S extends DescMessage> = (
  message: MessageShape<S>,
  meta: EventMeta,
) => Promise<void>;

/** How a handler gets the personal data of its events. */
export interface OpensPersonal {
  readonly keys: PersonalKeys;
  /** An event about somebody who was erased meanwhile: passed over, or handled with empty texts. */
  readonly erased: 'PASSED_OVER' | 'HANDLED';
}

/** A handler together with the event type it is for. */
export interface EventSubscription {
  readonly schema: DescMessage;
  readonly handle: EventHandler<DescMessage>;
  /** Without it the personal texts of an event are empty, and no key is needed. */
  readonly personal?: OpensPersonal;
}

/** Binds a handler to an event type; the pair is checked here, the list of them is not. */
export function on<S extends DescMessage>(
  schema: S,
  handle: EventHandler<S>,
  personal?: OpensPersonal,
): EventSubscription {
  return { schema, handle: handle as unknown as EventHandler<DescMessage>, ...(personal && { personal }) };
}

/** Thrown by a handler for a message that no retry can help: it goes to the dead letters at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** A body that does not decode today will not decode tomorrow. Unknown fields are a newer publisher's: fine. */
export function decodeEvent<S extends DescMessage>(schema: S, body: string): MessageShape<S> {
  try {
    return fromJsonString(schema, body, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new PermanentError(`body is not a ${schema.typeName}: ${(cause as Error).message}`, { cause });
  }
}

/** Source of the facts in an event's headers. */
export interface HeaderSource {
  readonly id: string;
  readonly assunto: string;
  readonly agregado: Agregado;
  readonly criadoEm: Date;
  /** Headers written with the row: its trail, and `traceparent`. */
  readonly cabecalhos: Readonly<Record<string, string>>;
}

/**
 * CloudEvents 1.0 attributes in binary mode (`ce-` headers), with who began it and by which request, trace context and the
 * aggregate. Of rows without a trail, which older releases wrote, nobody knows who began them; the event itself begins its trail.
 */
export function eventHeaders(event: HeaderSource): Record<string, string> {
  const unknown = newTrail({ type: 'unknown' }, event.id);
  return {
    ...event.cabecalhos,
    ...trailHeaders(trailOf(event.cabecalhos) ?? unknown),
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': `/plataforma/${event.assunto.split('.')[0]}`,
    'ce-type': event.assunto,
    'ce-subject': event.agregado.id,
    'ce-time': event.criadoEm.toISOString(),
    'ce-dataschema': `proto:${event.assunto}`,
    'agregado-tipo': event.agregado.tipo,
    'agregado-id': event.agregado.id,
    'agregado-versao': String(event.agregado.versao),
  };
}

/** The received side of {@link eventHeaders}. Missing headers fall back to what the broker knows. */
export function eventMeta(message: {
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
  readonly time: Date;
  readonly seq: number;
  readonly info: { readonly stream: string; readonly deliveryCount: number };
}): EventMeta {
  const header = (name: string) => message.headers?.get(name) || undefined;
  const ocorridoEm = new Date(header('ce-time') ?? Number.NaN);
  return {
    // A replayed dead letter has a new Nats-Msg-Id, else the stream would drop it; `ce-id` stays.
    id: header('ce-id') ?? header('Nats-Msg-Id') ?? `${message.info.stream}:${message.seq}`,
    subject: message.subject,
    agregado: {
      tipo: header('agregado-tipo') ?? '',
      id: header('agregado-id') ?? '',
      versao: Number.parseInt(header('agregado-versao') ?? '0', 10),
    },
    ocorridoEm: Number.isNaN(ocorridoEm.getTime()) ? message.time : ocorridoEm,
    entrega: message.info.deliveryCount,
  };
}

/** The trail of what follows from an event. */
export function trailAfter(headers: MsgHdrs | undefined, { id }: Pick<EventMeta, 'id'>): Trail {
  const trail = trailOf(fromNatsHeaders(headers)) ?? newTrail({ type: 'unknown' }, id);
  return { ...trail, causationId: id };
}

/** NATS headers from a plain record. */
export function toNatsHeaders(record: Readonly<Record<string, string>>): MsgHdrs {
  const result = newHeaders();
  for (const [name, value] of Object.entries(record)) result.set(name, value);
  return result;
}

/** A plain record from NATS headers; of a repeated header the last value is kept. */
export function fromNatsHeaders(source: MsgHdrs | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, values] of source ?? []) result[name] = values.at(-1) ?? '';
  return result;
}
