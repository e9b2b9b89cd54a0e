/** `npm run crash-matrix [-- words]`: what `--help` says, on a stack of its own. */
import { once } from 'node:events';
import { INTERRUPTED, interruption } from '@plataforma/dev/stack/interruption';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import type { CrashCell } from './cells.ts';
import { CrashMatrix, type CrashResult } from './matrix.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { lineOf, selected, Tally } from './tally.ts';

/** E-mails of so many cells may wait for the lease of a dead sender while others go on. */
const WAITING = 20;
const TRIES = 4;

const NAME = 'crash-matrix';
const scenarios = Object.keys(SCENARIOS) as Scenario[];

const { words, values } = readCommandLine({
  name: NAME,
  words: Number.POSITIVE_INFINITY,
  options: { list: { type: 'boolean', short: 'l' } },
  help: `npm run crash-matrix -- [words] [--list]

Kills, in every scenario of money, each service before and after each of its commits, publications, acks, calls to Stripe and,
in auth, answers, and PostgreSQL, Redis (which then has lost everything), NATS and the Stripe stand-in at the points at which
a service needs them; on a stack of its own, and compares the books. Scenarios: ${scenarios.join(', ')}.

Words select cells: all of them must occur in the line of a cell. A word that is a whole scenario goes through that one only.
--list prints the cells and kills nobody. Exit code 1 when a cell fails, or none of them was reached, 2 when none has these
words.`,
});

const named = scenarios.filter((scenario) => words.includes(scenario));
const count = new Tally();
const interrupted = interruption();
const end = once(interrupted, 'abort');
let matrix: CrashMatrix | undefined;
try {
  matrix = await CrashMatrix.start(interrupted);
  await Promise.race([run(matrix), end]);
} catch (error) {
  if (!interrupted.aborted) throw error;
} finally {
  await matrix?.stop();
}
// A call that is still patient in there is not waited for.
if (interrupted.aborted) process.exit(INTERRUPTED);

async function run(matrix: CrashMatrix): Promise<void> {
  const all = await matrix.discover(named.length > 0 ? named : scenarios);
  const cells = selected(all, words);
  if (cells.length === 0) {
    await matrix.stop();
    misused(NAME, `none of ${all.length} cells has all of these words: ${words.join(', ')}`);
  }
  console.log(`${cells.length} of ${all.length} cells`);
  if (values.list) for (const cell of cells) console.log(lineOf(cell));
  else await crashAll(matrix, cells);
}

async function crashAll(matrix: CrashMatrix, cells: readonly CrashCell[]): Promise<void> {
  const waiting: CrashResult[] = [];
  for (const cell of cells) {
    waiting.push(await crash(matrix, cell));
    if (waiting.length > WAITING) await tell(waiting.shift());
  }
  for (const result of waiting) await tell(result);
  const problems = await matrix.totals();
  for (const problem of problems) console.log(`all together: ${problem}`);
  console.log(count.line);
  process.exitCode = problems.length > 0 ? 1 : count.exitCode;
}

/** Where two ways lead to the same end, timing decides which is taken: what is not reached is tried again. */
async function crash(matrix: CrashMatrix, cell: CrashCell): Promise<CrashResult> {
  let result = await matrix.crash(cell);
  for (let left = TRIES - 1; left > 0 && !result.died; left--) result = await matrix.crash(cell);
  return result;
}

async function tell(result: CrashResult | undefined): Promise<void> {
  if (result === undefined) return;
  const { cell, died } = result;
  const { problems, settledMs } = await result.verdict;
  count.add({ died, problems });
  const word = problems.length > 0 ? 'FAILED' : 'ok';
  console.log(`${lineOf(cell)}  ${word}${died ? '' : ', not reached'} (${(settledMs / 1000).toFixed(1)} s)`);
  for (const problem of problems) console.log(`    ${problem}`);
}
