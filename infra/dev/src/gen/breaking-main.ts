import { resolve } from 'node:path';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { checkBreaking } from './breaking-check.ts';

readCommandLine({
  name: 'breaking',
  help: `npm run breaking

Compares the contracts of this working tree with those of the last release (the highest tag v1.2.3 in its history); exit code 1
if they would break somebody who uses those.`,
});
const root = resolve(import.meta.dirname, '../../../..');

/** `npm run breaking`: would this working tree break somebody who uses the contracts of the last release? */
async function main(): Promise<number> {
  const result = await checkBreaking(root);
  switch (result.kind) {
    case 'compatible':
      console.log(`The contracts are compatible with those of ${result.against}.`);
      return 0;
    case 'nothing-to-compare':
      console.log(`Nothing to compare with: ${result.reason}.`);
      return 0;
    case 'broken':
      console.error(`The contracts break users of ${result.against}:\n${result.report}`);
      return 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
