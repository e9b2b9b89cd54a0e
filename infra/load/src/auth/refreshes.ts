import { runOpenLoad } from '../open-load.ts';
import { type HeldSession, type People, Renewals } from './people.ts';

const RATE = 200;
/** Each is renewed every half second. */
const SESSIONS = 100;
const WARM_UP_S = 3;
const P95_MS = 10;

/** How long renewing a session takes at a steady rate. */
export async function benchRefresh(people: People, sessions: HeldSession[], seconds: number) {
  const open = sessions.slice(-SESSIONS);
  const missing = Array.from({ length: SESSIONS - open.length });
  for (const _ of missing) open.push(await people.login());
  const renewals = new Renewals(people, open);
  const call = () => renewals.next();
  await runOpenLoad({ rate: RATE, seconds: WARM_UP_S, call });
  return runOpenLoad({ rate: RATE, seconds, call });
}

type Result = Awaited<ReturnType<typeof benchRefresh>>;

export function reportRefresh(result: Result) {
  console.table({ [`Refresh at ${RATE}/s`]: result });
  const held = result.failed === 0 && result.p95 < P95_MS;
  return [{ aim: `Refresh at ${RATE}/s: p95 < ${P95_MS} ms`, is: result.p95, held }];
}
