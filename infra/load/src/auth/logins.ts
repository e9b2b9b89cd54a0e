import { hash, verify } from 'argon2';
import {
  HASHES_AT_ONCE,
  LEAST,
} from '../../../../services/auth/src/credenciais/infrastructure/argon2-hasher.ts';
import { type LoadResult, median, middle, round, runLoad } from '../stats.ts';
import type { AuthAlone } from './auth-alone.ts';
import type { HeldSession, People } from './people.ts';

/** Twice as many as hash at once, so that the next one waits already when one is done. */
const LOGIN_CALLERS = 2 * HASHES_AT_ONCE;
const WARM_UP_S = 2;

/** How many logins are answered a second, beside bare argon2id of the same cost, as many at once, in this process. */
export async function benchLogins(alone: AuthAlone, people: People, seconds: number, rounds: number) {
  const parameters = { memoryCost: LEAST.memoryKiB, timeCost: LEAST.passes, parallelism: 1 };
  const stored = await hash('Senha@123', parameters);
  const sessions: HeldSession[] = [];
  const login = async () => void sessions.push(await people.login());
  const bare = async () => void (await verify(stored, 'Senha@123'));
  const service: LoadResult[] = [];
  const driver: LoadResult[] = [];
  const cpu: number[] = [];
  const ratios: number[] = [];
  for (let n = 0; n <= rounds; n++) {
    // The first round warms both up and is not counted.
    const length = n === 0 ? WARM_UP_S : seconds;
    const before = await alone.cpuSeconds();
    const logins = await runLoad({ callers: LOGIN_CALLERS, seconds: length, work: forever(), call: login });
    const spent = (await alone.cpuSeconds()) - before;
    const hashes = await runLoad({ callers: HASHES_AT_ONCE, seconds: length, work: forever(), call: bare });
    if (n === 0) continue;
    service.push(logins);
    driver.push(hashes);
    cpu.push((spent * 1_000) / logins.calls);
    ratios.push(logins.perSecond / hashes.perSecond);
  }
  const number = (value: number) => value;
  return {
    result: {
      ...{ service: median(service), bare: median(driver), atOnce: HASHES_AT_ONCE },
      ratio: round(middle(ratios, number), 2),
      cpuMsPerLogin: round(middle(cpu, number)),
    },
    sessions,
  };
}

/** Logs people in as fast as auth answers, until it is told to stop; resolves with how many a second that were. */
export function loginsAtFullRate(people: People, sessions: HeldSession[]): { stop(): Promise<number> } {
  let stopped = false;
  let count = 0;
  const start = performance.now();
  const caller = async () => {
    for (; !stopped; count++) sessions.push(await people.login());
  };
  const callers = Promise.all(Array.from({ length: LOGIN_CALLERS }, caller));
  // Looked at when it is stopped; until then its failure belongs to nobody.
  callers.catch(() => undefined);
  return {
    async stop() {
      stopped = true;
      await callers;
      return round((count * 1_000) / (performance.now() - start));
    },
  };
}

function* forever(): Generator<undefined> {
  for (;;) yield undefined;
}

type Result = Awaited<ReturnType<typeof benchLogins>>['result'];

export function reportLogins({ service, bare, atOnce, ratio, cpuMsPerLogin }: Result) {
  console.log('Logging in, milliseconds a call:');
  console.table({
    [`Login over gRPC, ${LOGIN_CALLERS} callers`]: service,
    [`bare argon2id, ${atOnce} at once`]: bare,
  });
  console.log(`logins / bare hashes: ${ratio}; CPU of auth: ${cpuMsPerLogin} ms a login`);
  return [{ aim: 'logins / bare argon2id >= 0.8', is: ratio, held: ratio >= 0.8 }];
}
