import type { MsgHdrs } from '@nats-io/transport-node';
import { type EventMeta, fromNatsHeaders } from '../event-message.ts';

export interface DeadLetter {
  readonly id: string;
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly headers: Record<string, string>;
}

/** A message that is given up, by which consumer, and why. */
export interface FailedMessage {
  readonly durable: string;
  readonly message: { readonly data: Uint8Array; readonly headers?: MsgHdrs | undefined };
  readonly meta: Pick<EventMeta, 'id' | 'subject' | 'entrega'>;
  readonly error: unknown;
}

const MAX_ERROR_LENGTH = 1_000;
const OWN_HEADERS = ['dlq-erro', 'dlq-consumidor', 'dlq-assunto', 'dlq-entregas', 'dlq-em'];

/**
 * The record of a message that was given up: `dlq.<consumer>.<subject>` with the original body and headers plus what
 * went wrong. Its message id is derived from the event's, so burying the same message twice keeps one record.
 *
 * Without the record, a message that cannot be handled is either lost or tried for ever (`event-bus.int.spec.ts`, "retries with
 * growing delay and then buries", "gives a replayed dead letter to the handler as the same event").
 */
export function deadLetter({ durable, message, meta, error }: FailedMessage, now: Date): DeadLetter {
  const { 'Nats-Msg-Id': _, ...original } = fromNatsHeaders(message.headers);
  return {
    id: `dlq:${durable}:${meta.id}:${original['dlq-reenvio'] ?? 0}`,
    subject: `dlq.${durable}.${meta.subject}`,
    payload: message.data,
    headers: {
      ...original,
      'dlq-erro': describe(error),
      'dlq-consumidor': durable,
      'dlq-assunto': meta.subject,
      'dlq-entregas': String(meta.entrega),
      'dlq-em': now.toISOString(),
    },
  };
}

/**
 * The message to send to the original subject again. It has a message id of its own, or the stream would drop it as a
 * duplicate; `ce-id` stays, so consumers that did handle the event skip it by their inbox.
 */
export function replayOf(record: {
  headers: MsgHdrs | undefined;
  payload: Uint8Array;
  sequence: number;
}): DeadLetter {
  const all = fromNatsHeaders(record.headers);
  const subject = all['dlq-assunto'];
  if (subject === undefined) throw new Error(`message ${record.sequence} is not a dead letter`);
  const headers = Object.fromEntries(
    Object.entries(all).filter(([name]) => ![...OWN_HEADERS, 'Nats-Msg-Id'].includes(name)),
  );
  const id = `${all['Nats-Msg-Id'] ?? subject}:reenvio:${record.sequence}`;
  return {
    id,
    subject,
    payload: record.payload,
    headers: { ...headers, 'dlq-reenvio': String(record.sequence) },
  };
}

/** One line: header values must not hold line breaks. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s+/g, ' ').slice(0, MAX_ERROR_LENGTH);
}
