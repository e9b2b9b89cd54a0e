import type { MsgRequest, NextMsgRequest } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { EventBus } from './event-bus.ts';
import { fromNatsHeaders } from './event-message.ts';
import { DEAD_LETTERS, found, streamManager } from './event-streams.ts';

/** A dead letter as the stream keeps it. */
export interface DeadLetterRecord {
  /** Its number in the stream; never used twice. */
  readonly sequence: number;
  readonly headers: MsgHdrs | undefined;
  readonly payload: Uint8Array;
}

/** What became of an event, in plain words. */
export interface DeadLetterFacts {
  readonly sequence: number;
  /** Durable name of the consumer that gave it up. */
  readonly consumer: string;
  /** Where it was published. */
  readonly subject: string;
  readonly error: string;
  readonly deliveries: number;
  /** RFC 3339. */
  readonly at: string;
  readonly aggregate: string;
  readonly eventId: string;
}

export interface DeadLetterFilter {
  /** Only those of this consumer; all when left out. */
  readonly durable?: string;
  /** Only this number and later ones. Default 1. */
  readonly from?: number;
}

/**
 * The dead letters that are there now, oldest first; those written meanwhile are left out, so that replaying what fails
 * again comes to an end. There are none where no stream was ever declared.
 */
export async function* deadLettersFrom(
  bus: EventBus,
  filter: DeadLetterFilter,
): AsyncGenerator<DeadLetterRecord> {
  const { streams } = await streamManager(bus.connection());
  const info = await found(streams.info(DEAD_LETTERS.name));
  const next_by_subj = filter.durable === undefined ? 'dlq.>' : `dlq.${filter.durable}.>`;
  for (let seq = filter.from ?? 1; seq <= (info?.state.last_seq ?? 0); ) {
    // The client's type knows this request for direct reads only; the server takes it here as well.
    const next: NextMsgRequest = { seq, next_by_subj };
    const record = await found(streams.getMessage(DEAD_LETTERS.name, next as MsgRequest));
    if (!record || record.seq > (info?.state.last_seq ?? 0)) return;
    yield { sequence: record.seq, headers: record.header, payload: record.data };
    seq = record.seq + 1;
  }
}

/** One dead letter by its number; undefined when there is none. */
export async function readDeadLetter(bus: EventBus, sequence: number): Promise<DeadLetterRecord | undefined> {
  for await (const record of deadLettersFrom(bus, { from: sequence }))
    return record.sequence === sequence ? record : undefined;
  return undefined;
}

/** Removes a dead letter for good; false when there is none of that number. */
export async function dropDeadLetter(bus: EventBus, sequence: number): Promise<boolean> {
  if (!(await readDeadLetter(bus, sequence))) return false;
  const { streams } = await streamManager(bus.connection());
  return streams.deleteMessage(DEAD_LETTERS.name, sequence);
}

/** Reads the headers that the consumer wrote when it gave up. */
export function factsOf({ sequence, headers }: DeadLetterRecord): DeadLetterFacts {
  const all = fromNatsHeaders(headers);
  return {
    sequence,
    consumer: all['dlq-consumidor'] ?? '',
    subject: all['dlq-assunto'] ?? '',
    error: all['dlq-erro'] ?? '',
    deliveries: Number(all['dlq-entregas'] ?? 0),
    at: all['dlq-em'] ?? '',
    aggregate: [all['agregado-tipo'], all['agregado-id'], all['agregado-versao']].filter(Boolean).join(' '),
    eventId: all['ce-id'] ?? '',
  };
}
