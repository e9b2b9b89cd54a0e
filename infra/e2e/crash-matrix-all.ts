/**
 * `npm run crash-matrix [-- words]`: every service killed before and after each of its commits, publications, acks and
 * calls to Stripe, in every flow of money. Cells run in groups; each group has to come to rest within 60 seconds of its
 * last restart. Words select cells: all must occur in their line. Exit code 1 when a cell failed.
 */
import { type CrashCell, CrashMatrix, type CrashResult } from './crash-matrix.ts';

const GROUP = 14;

const words = process.argv.slice(2);
const line = ({ flow, service, when, point }: CrashCell) =>
  `${flow.padEnd(17)} ${service.padEnd(12)} ${when.padEnd(6)} ${point}`;

const matrix = await CrashMatrix.start();
try {
  const all = await matrix.discover();
  const cells = all.filter((cell) => words.every((word) => line(cell).includes(word)));
  console.log(`${cells.length} of ${all.length} cells`);
  let failed = 0;
  for (let first = 0; first < cells.length; first += GROUP)
    failed += await runGroup(cells.slice(first, first + GROUP));
  console.log(failed === 0 ? `all ${cells.length} cells hold` : `${failed} of ${cells.length} cells FAILED`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await matrix.stop();
}

async function runGroup(cells: readonly CrashCell[]): Promise<number> {
  const results: CrashResult[] = [];
  for (const cell of cells) results.push(await matrix.crash(cell));
  const since = Math.max(...results.map(({ upAgainAt }) => upAgainAt));
  const verdicts = await Promise.all(results.map((result) => matrix.verdict(result, since)));
  let failed = 0;
  for (const [i, { cell, died }] of results.entries()) {
    const { problems = [], settledMs = 0 } = verdicts[i] ?? {};
    if (problems.length > 0) failed++;
    const mark = problems.length > 0 ? 'FAILED' : died ? 'ok' : 'ok, not reached';
    console.log(`${line(cell)}  ${mark} (${(settledMs / 1000).toFixed(1)} s)`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
  return failed;
}
