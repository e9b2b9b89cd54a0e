/**
 * `npm run race -- [--times 20] [patterns]`: runs the races again and again, because a race that is lost once in a
 * hundred times is lost. `patterns` are those of jest for paths; without any, every spec in a folder `races`.
 * Stops at the first failure and shows it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { numberOption, readCommandLine } from '@plataforma/runtime/command-line';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const { values, words } = readCommandLine({
  name: 'race',
  words: Number.POSITIVE_INFINITY,
  options: { times: { type: 'string', default: '20' } },
  help: `npm run race -- [options] [patterns]

Runs the races of the specs again and again and stops at the first failure. The patterns are those of jest for paths;
without any: every spec in a folder "races".

  --times 20  rounds`,
});
const times = numberOption('race', 'times', values.times, { min: 1 });
const patterns = words.length > 0 ? words : ['/races/'];

run();

function run(): void {
  const start = performance.now();
  let passed = 0;
  for (let round = 1; round <= times; round += 1) {
    const { ok, tests, output } = once();
    passed += tests;
    if (!ok) {
      console.error(`${output}\nrace: round ${round} of ${times} failed`);
      process.exitCode = 1;
      return;
    }
    console.log(`✓ round ${round} of ${times}: ${tests} races`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`race: ${times} rounds, ${passed} passed, 0 failed, ${seconds} s`);
}

function once(): { ok: boolean; tests: number; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--conditions=source', '--disable-warning=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', '--selectProjects', 'proof', '--testTimeout=180000'],
      ...['--testPathPatterns', ...patterns],
    ],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  // The reporter of this project ends with it; no races at all would prove nothing.
  const tests = Number(/(\d+) passed, 0 failed\s*$/.exec(stdout)?.[1] ?? 0);
  return { ok: status === 0 && tests > 0, tests, output: `${stdout}${stderr}` };
}
