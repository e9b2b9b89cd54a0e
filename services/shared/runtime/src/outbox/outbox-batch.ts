import { EventBusUnavailableError } from '../events/event-bus.ts';
import type { EventPublisher } from '../events/event-message.ts';
import { eventHeaders } from '../events/event-message.ts';
import type { Seal } from '../personal/sealing.ts';
import { aggregateKey, type OutboxRow, type SentRow } from './outbox-rows.ts';

/** One event that has not left. */
export interface FailedRow {
  readonly row: OutboxRow;
  readonly error: unknown;
  /** By the broker; one that could not be sealed has not come so far, and says nothing about it. */
  readonly refused: boolean;
}

export interface BatchResult {
  /** Acknowledged by the stream, as they have left. */
  readonly sent: SentRow[];
  /** The rows at which an aggregate got stuck; its later ones were not tried. */
  readonly failed: FailedRow[];
  /** The broker was away: nothing is wrong with the rows. */
  readonly unavailable: boolean;
}

// Each publish is one round trip: a few side by side hide it without flooding the broker.
const PARALLEL = 16;

/**
 * Publishes a batch: the rows of one aggregate one after the other, each only once the one before is acknowledged;
 * different aggregates side by side. `mayGoOn` is asked before each row.
 */
export async function publishBatch(
  { bus, seal }: { readonly bus: EventPublisher; readonly seal: Seal },
  rows: readonly OutboxRow[],
  mayGoOn: () => boolean,
): Promise<BatchResult> {
  const result = { sent: [] as SentRow[], failed: [] as BatchResult['failed'], unavailable: false };
  const queues = [...Map.groupBy(rows, aggregateKey).values()].reverse();
  const worker = async () => {
    for (let queue = queues.pop(); queue; queue = queues.pop()) await publishInOrder(queue);
  };
  const publishInOrder = async (queue: OutboxRow[]) => {
    for (const row of queue) {
      if (result.unavailable || !mayGoOn()) return;
      let sealed = false;
      try {
        const payload = await seal(row.assunto, row.payload);
        sealed = true;
        await bus.publish(message({ ...row, payload }));
        result.sent.push({ ...row, ...(payload !== row.payload && { sealed: payload }) });
      } catch (error) {
        if (error instanceof EventBusUnavailableError) result.unavailable = true;
        else result.failed.push({ row, error, refused: sealed });
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return result;
}

function message(row: OutboxRow) {
  const { id, assunto, payload, criadoEm, cabecalhos } = row;
  const agregado = { tipo: row.agregadoTipo, id: row.agregadoId, versao: row.agregadoVersao };
  return {
    id,
    subject: assunto,
    payload,
    headers: eventHeaders({ id, assunto, agregado, criadoEm, cabecalhos }),
  };
}
