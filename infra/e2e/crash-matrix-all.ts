/**
 * `npm run crash-matrix [-- words]`: every service killed before and after each of its commits, publications, acks and
 * calls to Stripe, in every flow of money. The books of each cell have to fit within 60 seconds, those of all cells
 * together at the end. Words select cells: all must occur in their line. Exit code 1 when a cell failed, or none was
 * selected.
 */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { type CrashCell, CrashMatrix, type CrashResult } from './crash-matrix.ts';

/** E-mails of so many cells may wait for the lease of a dead sender while others go on. */
const WAITING = 20;
const TRIES = 4;

const { words } = readCommandLine({
  name: 'crash-matrix',
  words: Number.POSITIVE_INFINITY,
  help: `npm run crash-matrix -- [words]

Kills every service before and after each of its commits, publications, acks and calls to Stripe, in every flow of money,
on a stack of its own, and compares the books. Words select cells: all of them must occur in the line of a cell. Exit code
1 when a cell fails, or none has these words.`,
});
const line = ({ flow, service, when, point, nth }: CrashCell) =>
  `${flow.padEnd(15)} ${service.padEnd(12)} ${when.padEnd(6)} ${point}${nth > 1 ? ` #${nth}` : ''}`;

const count = { ok: 0, notReached: 0, failed: 0 };
const matrix = await CrashMatrix.start();
try {
  const all = await matrix.discover();
  const cells = all.filter((cell) => words.every((word) => line(cell).includes(word)));
  if (cells.length === 0) throw new Error(`No cell has all of these words: ${words.join(', ')}.`);
  console.log(`${cells.length} of ${all.length} cells`);
  const waiting: CrashResult[] = [];
  for (const cell of cells) {
    waiting.push(await crash(cell));
    if (waiting.length > WAITING) await tell(waiting.shift());
  }
  for (const result of waiting) await tell(result);
  const problems = await matrix.totals();
  for (const problem of problems) console.log(`all together: ${problem}`);
  console.log(`${count.ok} cells hold, ${count.failed} FAILED, ${count.notReached} were not reached`);
  process.exitCode = count.failed + problems.length === 0 ? 0 : 1;
} finally {
  await matrix.stop();
}

/** Where two ways lead to the same end, timing decides which is taken: what is not reached is tried again. */
async function crash(cell: CrashCell): Promise<CrashResult> {
  let result = await matrix.crash(cell);
  for (let left = TRIES - 1; left > 0 && !result.died; left--) result = await matrix.crash(cell);
  return result;
}

async function tell(result: CrashResult | undefined): Promise<void> {
  if (result === undefined) return;
  const { cell, died } = result;
  const { problems, settledMs } = await result.verdict;
  const failed = problems.length > 0;
  count[failed ? 'failed' : died ? 'ok' : 'notReached']++;
  console.log(
    `${line(cell)}  ${failed ? 'FAILED' : 'ok'}${died ? '' : ', not reached'} (${(settledMs / 1000).toFixed(1)} s)`,
  );
  for (const problem of problems) console.log(`    ${problem}`);
}
