import { type OpenResult, runOpenLoad } from '../open-load.ts';
import { middle, round } from '../stats.ts';
import type { AuthAlone } from './auth-alone.ts';
import { loginsAtFullRate } from './logins.ts';
import { type HeldSession, type People, Renewals } from './people.ts';

const RPCS = ['GetMe', 'Refresh', 'ListSessions'] as const;
/** Calls a second of each of them. */
const RATE = 30;
/** Half of them are renewed, each of them every second; the others read. */
const SESSIONS = 60;
const WARM_UP_S = 2;

type Rpc = (typeof RPCS)[number];
type ByRpc = Record<Rpc, OpenResult>;

/** How long other calls take while people log in as fast as auth lets them, against without: in pairs, in turns. */
export async function benchBesideLogins(alone: AuthAlone, people: People, seconds: number, rounds: number) {
  const others = people.beside(alone);
  const open: HeldSession[] = [];
  while (open.length < SESSIONS) open.push(await people.login());
  const quiet: ByRpc[] = [];
  const busy: ByRpc[] = [];
  const perSecond: number[] = [];
  const without = async () => void quiet.push(await callAll(others, open, seconds));
  const withLogins = async () => {
    const logins = loginsAtFullRate(people, []);
    busy.push(await callAll(others, open, seconds));
    perSecond.push(await logins.stop());
  };
  try {
    await callAll(others, open, WARM_UP_S);
    for (let n = 0; n < rounds; n++) {
      const [first, second] = n % 2 === 0 ? [without, withLogins] : [withLogins, without];
      await first();
      await second();
    }
  } finally {
    others.close();
  }
  const of = (rpc: Rpc) => {
    const ratios = quiet.map((without, n) => (busy[n]?.[rpc].p95 ?? Number.NaN) / without[rpc].p95);
    return {
      failed: [...quiet, ...busy].reduce((sum, one) => sum + one[rpc].failed, 0),
      without: middle(
        quiet.map((one) => one[rpc]),
        ({ p95 }) => p95,
      ),
      with: middle(
        busy.map((one) => one[rpc]),
        ({ p95 }) => p95,
      ),
      ratios: ratios.map((ratio) => round(ratio, 2)),
      ratio: round(
        middle(ratios, (ratio) => ratio),
        2,
      ),
    };
  };
  return {
    rpcs: { GetMe: of('GetMe'), Refresh: of('Refresh'), ListSessions: of('ListSessions') },
    loginsPerSecond: middle(perSecond, (rate) => rate),
  };
}

async function callAll(people: People, sessions: readonly HeldSession[], seconds: number): Promise<ByRpc> {
  const readers = sessions.slice(0, SESSIONS / 2);
  const renewals = new Renewals(people, sessions.slice(SESSIONS / 2));
  const reader = (n: number) => readers[n % readers.length] as HeldSession;
  const load = (call: (n: number) => Promise<void>) => runOpenLoad({ rate: RATE, seconds, call });
  const [getMe, refresh, listSessions] = await Promise.all([
    load((n) => people.getMe(reader(n))),
    load(() => renewals.next()),
    load((n) => people.listSessions(reader(n))),
  ]);
  return { GetMe: getMe, Refresh: refresh, ListSessions: listSessions };
}

type Result = Awaited<ReturnType<typeof benchBesideLogins>>;

export function reportBesideLogins({ rpcs, loginsPerSecond }: Result) {
  console.log(
    `Other calls, ${RATE} of each a second, while ${loginsPerSecond} people a second log in, and without them:`,
  );
  console.table(
    Object.fromEntries(
      RPCS.flatMap((rpc) => [
        [`${rpc} without`, rpcs[rpc].without],
        [`${rpc} with`, rpcs[rpc].with],
      ]),
    ),
  );
  return RPCS.map((rpc) => {
    const { ratio, ratios, failed } = rpcs[rpc];
    console.log(`${rpc}, p95 with / without: ${ratio} (${ratios.join(', ')})`);
    return { aim: `${rpc}: p95 beside logins < 1.2 x`, is: ratio, held: failed === 0 && ratio < 1.2 };
  });
}
