/** `npm run bench:auth`: what tokens, logins and sessions cost, alone on this machine, beside bare argon2id. */
import { availableParallelism, loadavg } from 'node:os';
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { type AuthAlone, startAuthAlone } from './auth/auth-alone.ts';
import { benchBesideLogins, reportBesideLogins } from './auth/beside-logins.ts';
import { benchLogins, reportLogins } from './auth/logins.ts';
import { People } from './auth/people.ts';
import { benchRefresh, reportRefresh } from './auth/refreshes.ts';
import { benchVerification, reportVerification } from './auth/verification.ts';
import { round, runLoad } from './stats.ts';

const USAGE = `Usage: npm run bench:auth -- [options]

  --only PART            tokens (verifying them), login, beside (other calls while people log in) or refresh; all when left out
  --seconds N            length of a round, default 5
  --rounds N             rounds of which the median counts, default 3
  --refresh-seconds N    how long sessions are renewed, 200 a second, default 30
  --help

Starts PostgreSQL, Redis, NATS and the service for itself and ends them; talks to this machine only. Prints tables, which
aims are held and how busy the machine was, and, as the last line, JSON. With the defaults it takes about two minutes,
longer where hashes are slow. On a machine that does other things at the same time only the ratios mean something.`;

const PARTS = ['tokens', 'login', 'beside', 'refresh'];

const { values } = readCommandLine({
  name: 'bench:auth',
  help: USAGE,
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    'refresh-seconds': { type: 'string', default: '30' },
  },
});

const count = (option: 'seconds' | 'rounds' | 'refresh-seconds') =>
  numberOption('bench:auth', option, values[option], { min: 1 });
const [seconds, rounds, refreshSeconds] = [
  count('seconds'),
  count('rounds'),
  count('refresh-seconds'),
] as const;
const { only } = values;
if (only !== undefined && !PARTS.includes(only))
  misused('bench:auth', `--only wants ${PARTS.join(', ')}, not "${only}"`);

interface Aim {
  readonly aim: string;
  readonly is: number;
  readonly held: boolean;
}

await run();

async function run(): Promise<void> {
  const alone = await startAuthAlone();
  try {
    const people = await People.of(alone);
    try {
      await measure(alone, people);
    } finally {
      people.close();
    }
  } finally {
    await alone.stop();
  }
}

async function measure(alone: AuthAlone, people: People): Promise<void> {
  const wants = (part: string) => only === undefined || only === part;
  const load: Record<string, number> = { before: busy() };
  const aims: Aim[] = [];
  const note = (part: string, reached: readonly Aim[]) => {
    aims.push(...reached);
    load[part] = busy();
  };
  const getMeMs = await plainCall(people);
  const tokens = wants('tokens') ? await benchVerification(rounds) : undefined;
  if (tokens) note('tokens', reportVerification(tokens, getMeMs));
  const logins = wants('login') ? await benchLogins(alone, people, seconds, rounds) : undefined;
  if (logins) note('login', reportLogins(logins.result));
  const beside = wants('beside') ? await benchBesideLogins(alone, people, seconds, rounds) : undefined;
  if (beside) note('beside', reportBesideLogins(beside));
  const renewed = logins?.sessions ?? [];
  const refresh = wants('refresh') ? await benchRefresh(people, renewed, refreshSeconds) : undefined;
  if (refresh) note('refresh', reportRefresh(refresh));
  console.table(aims);
  console.log(`load average (1 minute) of ${availableParallelism()} processors: ${JSON.stringify(load)}`);
  console.log(JSON.stringify({ tokens, getMeMs, login: logins?.result, beside, refresh, aims, load }));
  if (refresh && refresh.failed > 0) process.exitCode = 1;
}

/** One call after the other that needs a token, milliseconds: what verifying it is a part of. */
async function plainCall(people: People): Promise<number> {
  const session = await people.login();
  const getMe = async () => people.getMe(session);
  const work = Array.from({ length: 1_500 })[Symbol.iterator]();
  await runLoad({ callers: 1, seconds: 1, work, call: getMe });
  return (await runLoad({ callers: 1, seconds: 2, work, call: getMe })).p50;
}

function busy(): number {
  return round(loadavg()[0] ?? Number.NaN, 2);
}
