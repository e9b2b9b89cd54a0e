import { DEAD_AFTER, type QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';

interface Queue {
  readonly table: string;
  /** Which of its rows are work. */
  readonly waits: string;
  /** How often one has failed in a row. */
  readonly failures: string;
  /** Which of its rows are dead. */
  readonly dead: string;
}

/** Refunds count the questions about a pending one, too, which is no failure. */
const REFUND_FAILURES = `case when erro in ('PENDENTE', 'EM_DISPUTA') then 0 else falhas end`;

const QUEUES = {
  checkouts: charges('checkouts_pendentes'),
  encerramentos: charges('encerramentos_pendentes'),
  estornos: {
    table: 'estornos',
    waits: 'tentar_em is not null',
    failures: REFUND_FAILURES,
    dead: `tentar_em is not null and ${REFUND_FAILURES} >= ${DEAD_AFTER}`,
  },
  webhooks: {
    table: 'webhooks_stripe',
    waits: `estado = 'PENDENTE'`,
    failures: 'case when erro is null then 0 else 1 end',
    dead: `estado = 'ESTACIONADO'`,
  },
} as const satisfies Readonly<Record<string, Queue>>;

function charges(table: string): Queue {
  return { table, waits: 'true', failures: 'falhas', dead: `falhas >= ${DEAD_AFTER}` };
}

export type QueueName = keyof typeof QUEUES;

/** What operators see of a queue. */
export async function queueState(dataSource: DataSource, queue: QueueName, now: Date): Promise<QueueState> {
  const { table, waits, failures, dead } = QUEUES[queue];
  const [state]: [{ dueSince: Date | null; putOff: number; dead: number }] = await dataSource.query(
    `select
       (select min(tentar_em) from ${table} where ${waits} and tentar_em <= $1) as "dueSince",
       (select count(*)::int from ${table} where ${waits} and ${failures} > 0) as "putOff",
       (select count(*)::int from ${table} where ${dead}) as dead`,
    [now],
  );
  return { ...state, dueSince: state.dueSince ?? undefined };
}
