import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cpuByPart, cpuPerPiece } from '../saga/cpu-by-part.ts';
import { middle, round } from '../stats.ts';
import { left, writeDue } from './messages.ts';
import type { NotificacoesAlone } from './notificacoes-alone.ts';

const run = promisify(execFile);

/** By SMTP or by the API of a provider. */
export type Way = 'smtp' | 'http';

/** One round of both, one after the other. */
interface Round {
  readonly perSecond: number;
  readonly barePerSecond: number;
  readonly ratio: number;
  /** Milliseconds a message. */
  readonly bareCpu: number;
  readonly cpu: Readonly<Record<string, number>>;
}

export interface Sending extends Round {
  readonly way: Way;
  readonly messages: number;
}

const GIVEN_UP_MS = 180_000;

/** The middle one of some rounds by the ratio: the service, and the bare client beside it. */
export async function benchSending(
  alone: NotificacoesAlone,
  way: Way,
  { messages, rounds, together }: { messages: number; rounds: number; together: number },
): Promise<Sending> {
  const results: Round[] = [];
  for (let n = 0; n < rounds; n++) {
    const bare = await sendBare(alone, way, messages, together);
    const own = await sendByService(alone, way, messages, `${way}${n}`);
    const ratio = round(own.perSecond / bare.perSecond, 2);
    results.push({ ...own, barePerSecond: bare.perSecond, bareCpu: bare.cpu, ratio });
    console.error(`${way}: ${own.perSecond}/s beside ${bare.perSecond}/s of the bare client, ${ratio} of it`);
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
) {
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
  for (const end = performance.now() + GIVEN_UP_MS; (await left(sql)) > 0; await sleep(50))
    if (performance.now() > end) throw new Error(`${await left(sql)} messages still wait`);
}

async function sendBare(alone: NotificacoesAlone, way: Way, messages: number, together: number) {
  const url = way === 'smtp' ? alone.smtpUrl : `${alone.httpUrl}/emails`;
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const { stdout } = await run(process.execPath, [...args, 'infra/load/src/notificacoes/bare-main.ts'], {
    env: {
      ...{ PATH: process.env.PATH ?? '', WAY: way, URL: url },
      ...{ MESSAGES: `${messages}`, TOGETHER: `${together}` },
    },
  });
  const { seconds, cpuMs } = JSON.parse(stdout) as { seconds: number; cpuMs: number };
  return { perSecond: round(messages / seconds), cpu: round(cpuMs / messages, 2) };
}
