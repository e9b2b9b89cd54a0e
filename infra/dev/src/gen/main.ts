import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { generateContracts, OUTPUT_FOLDERS } from './generate.ts';
import { applyDifferences, compareTrees, type Difference, readTree } from './output-tree.ts';

const { values } = readCommandLine({
  name: 'gen',
  options: { check: { type: 'boolean' } },
  help: `npm run gen -- [options]

Writes everything that follows from proto/: TypeScript, the protos that Kong reads, OpenAPI, AsyncAPI, the pages about events.

  --check  writes nothing and says what is out of date; exit code 1 if anything is`,
});
const root = resolve(import.meta.dirname, '../../../..');

/** Writes everything that follows from proto/ (`npm run gen`), or with `--check` only says what is out of date. */
async function main(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'plataforma-gen-'));
  try {
    const generated = await generateContracts(root, scratch);
    const onDisk = new Map<string, string>();
    for (const folder of OUTPUT_FOLDERS)
      for (const [path, text] of await readTree(root, folder)) onDisk.set(path, text);
    const differences = compareTrees(generated, onDisk);
    if (values.check) return report(differences);
    await applyDifferences(root, generated, differences);
    console.log(`${generated.size} generated files, ${differences.length} updated.`);
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function report(differences: readonly Difference[]): number {
  if (differences.length === 0) {
    console.log('Generated code is up to date.');
    return 0;
  }
  console.error('Generated code is out of date; run `npm run gen` and commit the result:');
  for (const { path, kind } of differences) console.error(`  ${kind.padEnd(7)} ${path}`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
