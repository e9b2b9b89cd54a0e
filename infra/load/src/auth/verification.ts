import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EndedSessions, refusingEnded } from '@plataforma/runtime/ended-sessions';
import { createTokenVerifier, type TokenVerifier } from '@plataforma/runtime/jwt';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { type LoadResult, middle, round, summarize } from '../stats.ts';

const TOKENS = 500;
const CACHED_CALLS = 20_000;
/** As many ends of accounts and of sessions as a process remembers: the fullest that the check gets. */
const ENDS = 100_000;
const PAIRS = 31;
const CALLS_OF_A_PAIR = 10_000;
/** For what is read beside the calls: the keys are read again every few seconds. */
const STEADY_MS = 6_000;

interface Round {
  readonly firstMs: number;
  readonly uncached: LoadResult;
  readonly uncachedRevocation: LoadResult;
  readonly cached: LoadResult;
  readonly cachedRevocation: LoadResult;
  /** Requests and sockets while tokens were verified, the first one left out. */
  readonly network: number;
}

/**
 * What it costs a service to verify a token: by the verifier of the runtime, in this process, against keys published on
 * this machine. Times in microseconds except where named.
 */
export async function benchVerification(rounds: number) {
  const issuer = await createTestIssuer();
  try {
    const tokens = await Promise.all(
      Array.from({ length: TOKENS }, (_, n) =>
        issuer.token({ sub: `cli_${n}`, papeis: ['CLIENTE'], sid: `aberta${n}`, ger: 1 }),
      ),
    );
    const ended = manyEnds();
    const measured: Round[] = [];
    // The first round warms up and is not counted.
    for (let n = 0; n <= rounds; n++) measured.push(await oneRound(issuer, tokens, ended));
    measured.shift();
    const of = (pick: (round: Round) => LoadResult) => middle(measured.map(pick), ({ p50 }) => p50);
    return {
      firstMs: middle(
        measured.map(({ firstMs }) => firstMs),
        (ms) => ms,
      ),
      uncached: of((one) => one.uncached),
      uncachedRevocation: of((one) => one.uncachedRevocation),
      cached: of((one) => one.cached),
      cachedRevocation: of((one) => one.cachedRevocation),
      network: measured.reduce((sum, one) => sum + one.network, 0),
      revocationUs: await costOfRevocation(issuer, tokens, ended),
      steady: await steady(issuer, tokens),
    };
  } finally {
    await issuer.close();
  }
}

const verifierOf = ({ jwksUrl, issuer, audience }: TestIssuer) =>
  createTokenVerifier({ jwksUrl, issuer, audience });

function manyEnds(): EndedSessions {
  const ended = new EndedSessions();
  for (let n = 0; n < ENDS; n++) {
    ended.noteAccount(`cli_outra${n}`, 2, new Date());
    ended.noteSession(`encerrada${n}`, new Date());
  }
  return ended;
}

async function oneRound(issuer: TestIssuer, tokens: readonly string[], ended: EndedSessions): Promise<Round> {
  const plain = verifierOf(issuer);
  const fresh = verifierOf(issuer);
  const refusing = refusingEnded(fresh, ended);
  const [own = '', ...others] = tokens;
  const begin = performance.now();
  await plain.verify(own);
  const firstMs = round(performance.now() - begin, 2);
  await fresh.verify(own);
  const network = watchNetwork();
  const uncached = await timed(plain, others);
  const uncachedRevocation = await timed(refusing, others);
  const again = Array.from({ length: CACHED_CALLS }, (_, n) => tokens[n % tokens.length] as string);
  const cached = await timed(plain, again);
  const cachedRevocation = await timed(refusing, again);
  return { firstMs, uncached, uncachedRevocation, cached, cachedRevocation, network: network.stop() };
}

/** One call after the other, in microseconds each. */
async function timed(verifier: TokenVerifier, tokens: readonly string[]): Promise<LoadResult> {
  const times: number[] = [];
  const start = performance.now();
  for (const token of tokens) {
    const begin = performance.now();
    await verifier.verify(token);
    times.push((performance.now() - begin) * 1_000);
  }
  return summarize(times, (performance.now() - start) / 1_000);
}

/** What asking for ended sessions adds to a call: the middle of pairs, since it is less than a clock tells of one call. */
async function costOfRevocation(issuer: TestIssuer, tokens: readonly string[], ended: EndedSessions) {
  const plain = verifierOf(issuer);
  const refusing = refusingEnded(plain, ended);
  const lasting = async (verifier: TokenVerifier) => {
    const begin = performance.now();
    for (let n = 0; n < CALLS_OF_A_PAIR; n++) await verifier.verify(tokens[n % tokens.length] as string);
    return ((performance.now() - begin) * 1_000) / CALLS_OF_A_PAIR;
  };
  const added: number[] = [];
  for (let n = 0; n < PAIRS; n++) {
    const [first, second] = n % 2 === 0 ? [plain, refusing] : [refusing, plain];
    const [a, b] = [await lasting(first), await lasting(second)];
    added.push(n % 2 === 0 ? b - a : a - b);
  }
  return round(
    middle(added, (us) => us),
    2,
  );
}

/** What goes over the network while calls come all the time, and how long the slowest of them took. */
async function steady(issuer: TestIssuer, tokens: readonly string[]) {
  const verifier = verifierOf(issuer);
  await verifier.verify(tokens[0] as string);
  const network = watchNetwork();
  const start = performance.now();
  let calls = 0;
  let slowestMs = 0;
  while (performance.now() - start < STEADY_MS) {
    const begin = performance.now();
    await verifier.verify(tokens[calls++ % tokens.length] as string);
    slowestMs = Math.max(slowestMs, performance.now() - begin);
    // Whoever verifies does something else in between, and lets what runs beside it run.
    if (calls % 100 === 0) await new Promise(setImmediate);
  }
  return { seconds: STEADY_MS / 1_000, calls, slowestMs: round(slowestMs, 2), network: network.stop() };
}

/** Counts what this process opens and asks for. */
function watchNetwork(): { stop(): number } {
  let count = 0;
  const seen = () => void count++;
  const channels = ['net.client.socket', 'undici:request:create', 'http.client.request.start'];
  for (const channel of channels) subscribe(channel, seen);
  return {
    stop() {
      for (const channel of channels) unsubscribe(channel, seen);
      return count;
    },
  };
}

type Result = Awaited<ReturnType<typeof benchVerification>>;

/** @param rpcMs what a whole call costs that needs a token, in milliseconds. */
export function reportVerification(result: Result, rpcMs: number) {
  const { uncached, uncachedRevocation, cached, cachedRevocation, revocationUs, steady } = result;
  console.log('Verifying a token, microseconds a call:');
  console.table({
    'not seen before': uncached,
    '... and ended sessions': uncachedRevocation,
    'seen before': cached,
    '... and ended sessions ': cachedRevocation,
  });
  const ofUncached = round((revocationUs / uncached.p50) * 100, 2);
  const ofRpc = round((revocationUs / (rpcMs * 1_000)) * 100, 3);
  console.log(`first call of a process, which reads the keys: ${result.firstMs} ms`);
  console.log(`sockets and requests while tokens were verified: ${result.network}`);
  console.log(
    `${steady.calls} calls in ${steady.seconds} s: the keys were read beside them by ${steady.network} sockets and requests; ` +
      `the slowest call took ${steady.slowestMs} ms`,
  );
  console.log(
    `asking ${ENDS} + ${ENDS} ended accounts and sessions adds ${revocationUs} us: ${ofUncached} % of verifying a token that ` +
      `was not seen before, ${ofRpc} % of a whole GetMe (${rpcMs} ms)`,
  );
  return [
    { aim: 'verification, median < 0.2 ms', is: round(uncached.p50 / 1_000, 3), held: uncached.p50 < 200 },
    { aim: 'network while verifying: none', is: result.network, held: result.network === 0 },
    { aim: 'revocation check < 5 % of verifying', is: ofUncached, held: ofUncached < 5 },
    { aim: 'revocation check < 5 % of a GetMe', is: ofRpc, held: ofRpc < 5 },
  ];
}
