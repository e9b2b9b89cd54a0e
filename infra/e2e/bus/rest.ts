import { jetstreamManager } from '@nats-io/jetstream';
import { deadLettersFrom, factsOf } from '@plataforma/runtime/dead-letter-box';
import { delay } from '@plataforma/runtime/wait';
import { SERVICOS } from '../torturador/bancada.ts';
import type { Barramento } from './replicas.ts';
import type { WebhooksEmDobro } from './webhooks.ts';

/** What is lost comes again after 30 s; what fails then has its pauses, and clocks that differ add to them. */
const PACIENCIA_MS = 120_000;
/** It has come to rest when nothing was left to do for so long. */
const SOSSEGO_MS = 2_000;

const OUTBOX = 'select count(*)::int as n from outbox where enviado_em is null';
const POR_FAZER = {
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
export async function descansar(barramento: Barramento, webhooks: WebhooksEmDobro): Promise<string[]> {
  const fim = performance.now() + PACIENCIA_MS;
  let desde = performance.now();
  for (;;) {
    const resta = await porFazer(barramento, webhooks);
    const agora = performance.now();
    if (resta.length > 0) desde = agora;
    if (agora - desde > SOSSEGO_MS) return [];
    if (agora > fim) return resta.map((trabalho) => `never done: ${trabalho}`);
    await delay(250);
  }
}

async function porFazer(barramento: Barramento, webhooks: WebhooksEmDobro): Promise<string[]> {
  const resta = webhooks.emDia ? [] : ['webhooks on their way'];
  for (const servico of SERVICOS) {
    for (const sql of POR_FAZER[servico]) {
      const [linha] = await barramento.query<{ n: number }>(servico, sql, []);
      if (linha?.n !== 0) resta.push(`${servico}: ${linha?.n}, ${sql}`);
    }
  }
  const { consumers } = await jetstreamManager(barramento.servidores.bus.connection(), { checkAPI: false });
  for (const stream of ['RESERVAS', 'PAGAMENTOS']) {
    for await (const { name, num_pending, num_ack_pending } of consumers.list(stream))
      if (num_pending + num_ack_pending > 0)
        resta.push(`${name}: ${num_pending} to come, ${num_ack_pending} in hand`);
  }
  return resta;
}

/** Events and webhooks that were given up. */
export async function desistencias(barramento: Barramento): Promise<string[]> {
  const problemas: string[] = [];
  for await (const carta of deadLettersFrom(barramento.servidores.bus, {}))
    problemas.push(`dead letter: ${JSON.stringify(factsOf(carta))}`);
  const parados = await barramento.query<{ id: string; erro: string }>('pagamentos', ESTACIONADOS, []);
  return [...problemas, ...parados.map(({ id, erro }) => `webhook ${id} was given up: ${erro}`)];
}

/** Messages of which reservas has noted more than once what came of them, the ones that had come before left out. */
export async function efeitosRepetidos(barramento: Barramento): Promise<string[]> {
  const rows = await barramento.query<{ reserva: string; fato: string; vezes: number }>(
    'reservas',
    REPETIDOS,
    [],
  );
  return rows.map(
    ({ reserva, fato, vezes }) => `${reserva}: one message ${fato} had its effect ${vezes} times`,
  );
}

const REPETIDOS = `
  select reserva_id as reserva, fato, count(*)::int as vezes from saga_ocorrencias
  where mensagem_id <> '' and resultado in ('FEITA', 'SEM_EFEITO')
  group by reserva_id, fato, comando, mensagem_id having count(*) > 1`;
const ESTACIONADOS = `select id, erro from webhooks_stripe where estado = 'ESTACIONADO'`;
