/** `npm run examples`: asks a platform of its own for everything, and keeps what was said as the examples of the documents. */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { TestStack } from '../platform/test-stack.ts';
import { coverageOf } from './coverage.ts';
import { Driver } from './driver.ts';
import { keep, recordingOf } from './recording.ts';
import { playAll } from './scenes/all.ts';
import { prepare } from './stage.ts';

readCommandLine({
  name: 'examples',
  help: `npm run examples

Starts a platform, asks it for every operation of the REST documents and for what they are refused for, and keeps what it answers,
with everything masked that varies, in infra/dev/src/gen/openapi/examples. "npm run gen" then puts it into the documents. Keeps
nothing when an answer is not as documented.`,
});

const platform = await TestStack.start();
try {
  const driver = new Driver(platform.edgeUrl);
  await playAll(await prepare(platform, driver));
  for (const fault of driver.faults) console.log(fault);
  const { operations, failures } = coverageOf(driver.exchanges);
  const recording = recordingOf(driver.exchanges);
  if (driver.faults.length === 0) keep(recording);
  console.log(
    `${operations.driven} of ${operations.all} operations and ${failures.driven} of ${failures.all} failures; ` +
      (driver.faults.length === 0
        ? `${recording.size} files kept.`
        : `nothing kept: ${driver.faults.length} faults.`),
  );
  process.exitCode = driver.faults.length === 0 ? 0 : 1;
} finally {
  await platform.stop();
}
