import { round } from '../stats.ts';
import { dropSms, writeDue } from './messages.ts';
import type { NotificacoesAlone } from './notificacoes-alone.ts';
import { type Sent, sendByService } from './sending.ts';

/** E-mails without and with a provider of SMS that takes requests and never answers. */
export interface DeadProvider {
  readonly pairs: readonly Pair[];
  /** What is left of the e-mails a second. */
  readonly throughput: Spread;
  /** Of the CPU milliseconds a message of service and PostgreSQL without, those beside. */
  readonly cpu: Spread;
}

/** E-mails a second, and CPU milliseconds an e-mail. */
interface Pair {
  readonly without: number;
  readonly beside: number;
  readonly cpuWithout: number;
  readonly cpuBeside: number;
}

/** Of the ratios of the pairs: one pair says nothing on a machine that does other things, too. */
interface Spread {
  readonly median: number;
  /** Half of them are between these. */
  readonly quartiles: readonly [number, number];
}

/** More than are ever in hand. */
const HANGING_SMS = 200;

/** Both are configured alike. Nothing is due by SMS without, and more than the lane can hold beside. */
const SMS = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  TWILIO_FROM: '+15005550006',
};

/** How much slower e-mails leave while the provider of another channel hangs: many short pairs of runs, in turns first. */
export async function benchDeadProvider(
  alone: NotificacoesAlone,
  { messages, pairs }: { messages: number; pairs: number },
): Promise<DeadProvider> {
  const env = { ...SMS, TWILIO_URL: alone.httpUrl };
  const results: Pair[] = [];
  const send = (name: string) => sendByService(alone, 'http', messages, name, env);
  const beside = async (name: string) => {
    await writeDue(alone.sql, HANGING_SMS, `${name}s`, 'SMS');
    try {
      const sent = await send(name);
      if ((await alone.taken()).sms === 0) throw new Error('no SMS has hung');
      return sent;
    } finally {
      await dropSms(alone.sql);
    }
  };
  for (let n = 0; n < pairs; n++) {
    const first = n % 2 === 0 ? await send(`w${n}`) : undefined;
    const second = await beside(`b${n}`);
    const pair = pairOf(first ?? (await send(`w${n}`)), second);
    console.error(`dead: ${pair.beside}/s beside a dead provider, ${pair.without}/s without`);
    results.push(pair);
  }
  return {
    pairs: results,
    throughput: spreadOf(results.map((pair) => pair.beside / pair.without)),
    cpu: spreadOf(results.map((pair) => pair.cpuWithout / pair.cpuBeside)),
  };
}

function pairOf(without: Sent, beside: Sent): Pair {
  return {
    ...{ without: without.perSecond, beside: beside.perSecond },
    ...{ cpuWithout: cpuOf(without), cpuBeside: cpuOf(beside) },
  };
}

const cpuOf = ({ cpu: { notificacoes = 0, PostgreSQL = 0 } }: Sent) => round(notificacoes + PostgreSQL, 2);

/** Between two of them in proportion, where none is just there. */
function spreadOf(ratios: readonly number[]): Spread {
  const sorted = ratios.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return round(below + (above - below) * (place % 1), 2);
  };
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}
