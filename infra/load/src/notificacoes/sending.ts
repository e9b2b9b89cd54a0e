import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cpuByPart, cpuPerPiece } from '../saga/cpu-by-part.ts';
import { middle, round } from '../stats.ts';
import { anyLeft, left, writeDue } from './messages.ts';
import type { NotificacoesAlone } from './notificacoes-alone.ts';

const run = promisify(execFile);

/** By SMTP or by the API of a provider. */
export type Way = 'smtp' | 'http';

/** What sent so many messages, and what that cost. */
export interface Sent {
  readonly perSecond: number;
  /** Milliseconds a message, of all processes that take part. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** One round of all three, one after the other. */
interface Round {
  readonly service: Sent;
  /** The client and nothing else. */
  readonly bare: Sent;
  /** The client, and one durable statement a message that notes that it is sent. */
  readonly noting: Sent;
  /** Of the throughput of the bare client. */
  readonly ratio: number;
}

export interface Sending extends Round {
  readonly way: Way;
  readonly messages: number;
}

const GIVEN_UP_MS = 180_000;

/** The middle one of some rounds by the ratio: the service, and the bare client beside it, without a database and with one. */
export async function benchSending(
  alone: NotificacoesAlone,
  way: Way,
  { messages, rounds, together }: { messages: number; rounds: number; together: number },
): Promise<Sending> {
  const results: Round[] = [];
  for (let n = 0; n < rounds; n++) {
    const bare = await sendBare(alone, way, messages, { together });
    const noting = await sendBare(alone, way, messages, { together, noting: true });
    const service = await sendByService(alone, way, messages, `${way}${n}`);
    const ratio = round(service.perSecond / bare.perSecond, 2);
    results.push({ service, bare, noting, ratio });
    console.error(
      `${way}: ${service.perSecond}/s, ${ratio} of the ${bare.perSecond}/s of the bare client, which does ${noting.perSecond}/s when it notes each`,
    );
  }
  return { way, messages, ...middle(results, ({ ratio }) => ratio) };
}

/**
 * Starts the service, lets it send that many, and stops it.
 *
 * @param name tells these messages from those of other runs
 * @param env of the service, besides
 */
export async function sendByService(
  alone: NotificacoesAlone,
  way: Way,
  messages: number,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  await alone.reset();
  // Not in the row before it runs: the first messages would pay for its start.
  const stop = await alone.service(way === 'smtp' ? env : { EMAIL_PROVIDER: 'resend', ...env });
  try {
    await writeDue(alone.sql, 300, `${name}w`);
    await untilMarked(alone);
    await writeDue(alone.sql, messages, `${name}m`);
    const [before, start] = [await cpuByPart(), performance.now()];
    await untilMarked(alone);
    const seconds = (performance.now() - start) / 1_000;
    const cpu = Object.fromEntries(cpuPerPiece(before, await cpuByPart(), messages));
    const taken = (await alone.taken())[way];
    if (taken !== messages + 300) throw new Error(`${taken} of ${messages + 300} messages have arrived`);
    return { perSecond: round(messages / seconds), cpu };
  } finally {
    await stop();
  }
}

async function untilMarked({ sql }: NotificacoesAlone): Promise<void> {
  for (const end = performance.now() + GIVEN_UP_MS; await anyLeft(sql); await sleep(50))
    if (performance.now() > end) throw new Error(`${await left(sql)} messages still wait`);
}

/** What a client needs that notes each message: a row of each, and a place for the fact. */
const TO_NOTE = [
  'drop table if exists bench_mensagens, bench_registros',
  'create table bench_mensagens (id int primary key, status text, enviada_em timestamptz)',
  'create table bench_registros (mensagem int, tipo text, em timestamptz, primary key (mensagem, em))',
];

async function sendBare(
  { sql, smtpUrl, httpUrl, databaseUrl }: NotificacoesAlone,
  way: Way,
  messages: number,
  { together, noting = false }: { together: number; noting?: boolean },
): Promise<Sent> {
  if (noting) {
    for (const statement of TO_NOTE) await sql.query(statement);
    await sql.query(`insert into bench_mensagens select n, 'PENDENTE' from generate_series(0, $1::int) n`, [
      messages,
    ]);
  }
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const before = await cpuByPart();
  const { stdout } = await run(process.execPath, [...args, 'infra/load/src/notificacoes/bare-main.ts'], {
    env: {
      ...{ PATH: process.env.PATH ?? '', WAY: way, URL: way === 'smtp' ? smtpUrl : `${httpUrl}/emails` },
      ...{ MESSAGES: `${messages}`, TOGETHER: `${together}`, ...(noting && { DATABASE_URL: databaseUrl }) },
    },
  });
  const { PostgreSQL = 0 } = Object.fromEntries(cpuPerPiece(before, await cpuByPart(), messages));
  const { seconds, cpuMs } = JSON.parse(stdout) as { seconds: number; cpuMs: number };
  const client = round(cpuMs / messages, 2);
  return { perSecond: round(messages / seconds), cpu: noting ? { client, PostgreSQL } : { client } };
}
