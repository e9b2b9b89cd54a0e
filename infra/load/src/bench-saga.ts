/**
 * `npm run bench:saga`: whole bookings through the whole platform on this machine: create, charge, pay by signed
 * webhook, confirm, e-mail recorded. Prints a table, where the CPU time goes, and JSON.
 */
import { once } from 'node:events';
import { interruption } from '@plataforma/dev/stack/interruption';
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { SagaBooker } from './saga/booker.ts';
import { commitsPerSecond } from './saga/commits.ts';
import { cpuByPart, cpuPerPiece } from './saga/cpu-by-part.ts';
import { Outcomes, runSagas, type SagaResult } from './saga/load.ts';
import { type SagaPlatform, startSagaPlatform } from './saga/platform.ts';

const HELP = `npm run bench:saga -- [options]
  --rates 25,50,100  bookings a second, one round each
  --seconds 20       length of a round
  --hold 60          length of the rounds that look for the highest rate with p95 under 1 s; 0 looks for none
The whole run takes about (rates x seconds) + (5 x hold) seconds, and what it takes to finish bookings beyond the machine's
reach. Talks to this machine only.`;

const P95_MS = 1_000;
const SEARCH_STEPS = 4;

const { values } = readCommandLine({
  name: 'bench:saga',
  help: HELP,
  options: {
    rates: { type: 'string', default: '25,50,100' },
    seconds: { type: 'string', default: '20' },
    hold: { type: 'string', default: '60' },
  },
});
const rates = values.rates.split(',').map(Number);
if (!rates.every((rate) => rate > 0 && Number.isFinite(rate)))
  misused('bench:saga', `--rates wants numbers above 0 with commas between them, not "${values.rates}"`);
const seconds = numberOption('bench:saga', 'seconds', values.seconds, { min: 1 });
const hold = numberOption('bench:saga', 'hold', values.hold, { min: 0 });

const platform = await startSagaPlatform();
const interrupted = once(interruption(), 'abort').then(() =>
  console.error('bench:saga: interrupted, stopping'),
);
try {
  await Promise.race([bench(platform), interrupted, platform.stack.failed]);
} finally {
  await platform.stop();
}

async function bench(platform: SagaPlatform): Promise<void> {
  const outcomes = new Outcomes(platform.nats);
  const commits = await commitsPerSecond(platform.stack.databases.reservas);
  const booker = new SagaBooker(platform, outcomes);
  const round = async (rate: number, length: number): Promise<Round> => {
    await booker.prepare(rate * length);
    const before = await cpuByPart();
    const result = await runSagas({ rate, seconds: length, outcomes, bookAndPay: () => booker.bookAndPay() });
    console.error(
      `${rate}/s for ${length} s: ${result.perSecond}/s, p95 ${result.p95} ms, ${result.failed} failed`,
    );
    return { result, cpu: cpuPerPiece(before, await cpuByPart(), result.calls) };
  };
  // Warms the platform up and is not counted.
  await round(10, 5);
  const rounds: Round[] = [];
  for (const rate of rates) rounds.push(await round(rate, seconds));
  const known = rounds.map(({ result }) => result);
  const held = hold > 0 ? await highestRate(known, (rate) => round(rate, hold)) : [];
  booker.close();
  report([...rounds, ...held], held.filter(({ result }) => holds(result)).at(-1)?.result.rate, commits);
}

interface Round {
  readonly result: SagaResult;
  /** CPU milliseconds a booking, by part. */
  readonly cpu: ReadonlyArray<[string, number]>;
}

function holds({ p95, failed }: SagaResult): boolean {
  return failed === 0 && p95 < P95_MS;
}

/**
 * Halves the distance between a rate that holds and one that does not; each try is a whole round. Known rates were run
 * for less long: they say where to look, not what holds.
 */
async function highestRate(
  known: readonly SagaResult[],
  round: (rate: number) => Promise<Round>,
): Promise<Round[]> {
  const held = known.filter(holds).map(({ rate }) => rate);
  const missed = known.filter((result) => !holds(result)).map(({ rate }) => rate);
  let low = Math.max(0, ...held);
  let high = missed.length > 0 ? Math.min(...missed) : low * 2;
  const tries: Round[] = [];
  const attempt = async (rate: number) => {
    const tried = await round(rate);
    tries.push(tried);
    return holds(tried.result);
  };
  for (let step = 0; step < SEARCH_STEPS && high - low > 1; step++) {
    const rate = Math.round((low + high) / 2);
    if (await attempt(rate)) low = rate;
    else high = rate;
  }
  if (low > 0 && !tries.some(({ result }) => result.rate === low)) await attempt(low);
  return tries.sort((a, b) => a.result.rate - b.result.rate);
}

function report(rounds: readonly Round[], highest: number | undefined, commits: number): void {
  console.table(rounds.map(({ result }) => result));
  console.log('CPU milliseconds a booking, by part:');
  console.table(
    Object.fromEntries(rounds.map(({ result, cpu }) => [`${result.rate}/s`, Object.fromEntries(cpu)])),
  );
  console.log(`bare PostgreSQL in this run: ${commits} durable one-row transactions a second`);
  if (hold > 0)
    console.log(
      highest === undefined
        ? `no rate that was tried held p95 under ${P95_MS / 1_000} s for ${hold} s`
        : `highest rate with p95 under ${P95_MS / 1_000} s for ${hold} s: ${highest} bookings a second`,
    );
  console.log(JSON.stringify({ rounds, highest: highest ?? null, commitsPerSecond: commits }));
  if (rounds.some(({ result: { failed, emailed, calls } }) => failed > 0 || emailed !== calls))
    process.exitCode = 1;
}
