import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** An event as its stream keeps it. */
export interface StoredEvent {
  /** When the stream stored it, in nanoseconds since 1970. */
  readonly at: bigint;
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
  readonly body: string;
}

/** Which events are wanted. */
export interface Wanted {
  /** Stored since then; all that are there when left out. */
  readonly since?: Date | undefined;
  /** As NATS matches subjects; all when left out. */
  readonly subject?: string | undefined;
  /** What makes an event one of them, besides. */
  readonly filter?: (event: StoredEvent) => boolean;
}

/** Those of the platform. What else a server has is not its own. */
const STREAMS = ['AUTH', 'RESERVAS', 'PAGAMENTOS', 'NOTIFICACOES', 'DLQ'];

/**
 * The wanted events that are there now, of all streams, in the order in which they were stored. Streams are read to the end and
 * no further; what is not wanted is not kept.
 */
export async function storedEvents(nats: NatsConnection, wanted: Wanted): Promise<StoredEvent[]> {
  const found = await Promise.all((await streamsOf(nats)).map((stream) => read(nats, stream, wanted)));
  return found.flat().sort((one, other) => Number(one.at - other.at));
}

/** The wanted events of all streams as they are stored, until the connection is closed. */
export async function followEvents(
  nats: NatsConnection,
  wanted: Wanted & { readonly since: Date },
  tell: (event: StoredEvent) => void,
): Promise<void> {
  await Promise.all(
    (await streamsOf(nats)).map(async (stream) => {
      const consumer = await consumerOf(nats, stream, wanted);
      for await (const message of await consumer.consume()) {
        const event = eventOf(message);
        if (isWanted(event, wanted)) tell(event);
      }
    }),
  );
}

async function read(nats: NatsConnection, stream: string, wanted: Wanted): Promise<StoredEvent[]> {
  const consumer = await consumerOf(nats, stream, wanted);
  const events: StoredEvent[] = [];
  if ((await consumer.info()).num_pending === 0) return events;
  for await (const message of await consumer.consume()) {
    const event = eventOf(message);
    if (isWanted(event, wanted)) events.push(event);
    if (message.info.pending === 0) break;
  }
  return events;
}

async function streamsOf(nats: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(nats, { checkAPI: false });
  const names: string[] = [];
  for await (const name of manager.streams.names()) names.push(name);
  return STREAMS.filter((name) => names.includes(name));
}

/** Of this command alone: nothing is acknowledged, and it goes with the reading. */
function consumerOf(nats: NatsConnection, stream: string, { since }: Wanted) {
  const from = since
    ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString() }
    : { deliver_policy: DeliverPolicy.All };
  return jetstream(nats, { checkAPI: false }).consumers.get(stream, from);
}

function eventOf(message: JsMsg): StoredEvent {
  const { timestampNanos: at, subject, headers } = message;
  return { at, subject, headers, body: message.string() };
}

function isWanted(event: StoredEvent, { subject = '>', filter }: Wanted): boolean {
  return matches(subject, event.subject) && (filter?.(event) ?? true);
}

/** Whether a subject is one of a pattern: `*` stands for one word, `>` for all that follow. */
export function matches(pattern: string, subject: string): boolean {
  const words = subject.split('.');
  const wanted = pattern.split('.');
  const rest = wanted.at(-1) === '>';
  if (rest ? words.length < wanted.length : words.length !== wanted.length) return false;
  return wanted.every((word, i) => word === '*' || word === '>' || word === words[i]);
}
