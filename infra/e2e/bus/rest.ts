import { jetstreamManager } from '@nats-io/jetstream';
import { deadLettersFrom, factsOf } from '@plataforma/runtime/dead-letter-box';
import { delay } from '@plataforma/runtime/wait';
import { SERVICES } from '../torturer/rig.ts';
import type { Cluster } from './cluster.ts';
import type { DoubledWebhooks } from './webhooks.ts';

/** What is lost comes again after 30 s; what fails then has its pauses, and clocks that differ add to them. */
const PATIENCE_MS = 120_000;
/** It has come to rest when nothing was left to do for so long. */
const CALM_MS = 2_000;

const OUTBOX = 'select count(*)::int as n from outbox where enviado_em is null';
const TO_DO = {
  reservas: [OUTBOX, `select count(*)::int as n from reservas where status = 'EXPIRANDO'`],
  pagamentos: [
    OUTBOX,
    `select count(*)::int as n from webhooks_stripe where estado = 'PENDENTE'`,
    'select count(*)::int as n from estornos where tentar_em is not null',
    'select count(*)::int as n from encerramentos_pendentes',
    'select count(*)::int as n from checkouts_pendentes',
  ],
  notificacoes: [
    OUTBOX,
    // Reminders are due the day before.
    `select count(*)::int as n from notificacoes where status = 'PENDENTE' and devida_em < now() + interval '1 hour'`,
  ],
} as const;

/** Waits until no service has anything left to do; answers what is left when patience is over. */
export async function settle(cluster: Cluster, webhooks: DoubledWebhooks): Promise<string[]> {
  const end = performance.now() + PATIENCE_MS;
  let since = performance.now();
  for (;;) {
    const left = await toDo(cluster, webhooks);
    const now = performance.now();
    if (left.length > 0) since = now;
    if (now - since > CALM_MS) return [];
    if (now > end) return left.map((job) => `never done: ${job}`);
    await delay(250);
  }
}

async function toDo(cluster: Cluster, webhooks: DoubledWebhooks): Promise<string[]> {
  const left = webhooks.upToDate ? [] : ['webhooks on their way'];
  for (const service of SERVICES) {
    for (const sql of TO_DO[service]) {
      const [line] = await cluster.query<{ n: number }>(service, sql, []);
      if (line?.n !== 0) left.push(`${service}: ${line?.n}, ${sql}`);
    }
  }
  const { consumers } = await jetstreamManager(cluster.servers.bus.connection(), { checkAPI: false });
  for (const stream of ['RESERVAS', 'PAGAMENTOS']) {
    for await (const { name, num_pending, num_ack_pending } of consumers.list(stream))
      if (num_pending + num_ack_pending > 0)
        left.push(`${name}: ${num_pending} to come, ${num_ack_pending} in hand`);
  }
  return left;
}

/** Events and webhooks that were given up. */
export async function givenUp(cluster: Cluster): Promise<string[]> {
  const problems: string[] = [];
  for await (const letter of deadLettersFrom(cluster.servers.bus, {}))
    problems.push(`dead letter: ${JSON.stringify(factsOf(letter))}`);
  const parked = await cluster.query<{ id: string; erro: string }>('pagamentos', PARKED, []);
  return [...problems, ...parked.map(({ id, erro }) => `webhook ${id} was given up: ${erro}`)];
}

/** Messages of which reservas has noted more than once what came of them, the ones that had come before left out. */
export async function repeatedEffects(cluster: Cluster): Promise<string[]> {
  const rows = await cluster.query<{ reserva: string; fato: string; times: number }>(
    'reservas',
    REPEATED,
    [],
  );
  return rows.map(
    ({ reserva, fato, times }) => `${reserva}: one message ${fato} had its effect ${times} times`,
  );
}

const REPEATED = `
  select reserva_id as reserva, fato, count(*)::int as times from saga_ocorrencias
  where mensagem_id <> '' and resultado in ('FEITA', 'SEM_EFEITO')
  group by reserva_id, fato, comando, mensagem_id having count(*) > 1`;
const PARKED = `select id, erro from webhooks_stripe where estado = 'ESTACIONADO'`;
