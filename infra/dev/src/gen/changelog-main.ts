import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { contractsOf, lastRelease, NO_RELEASE } from './breaking-check.ts';
import { changelog, changesBetween } from './changelog.ts';
import { loadContracts } from './contracts.ts';

readCommandLine({
  name: 'contracts:changelog',
  help: `npm run contracts:changelog

Tells what has become of the contracts since the last release (the highest tag v1.2.3 in the history of this commit): what was
added, what is deprecated, what was removed.`,
});
const root = resolve(import.meta.dirname, '../../../..');

/** `npm run contracts:changelog`: for the notes of the next release. */
async function main(): Promise<void> {
  const tag = await lastRelease(root);
  if (tag === undefined) {
    console.log(`Nothing to compare with: ${NO_RELEASE}.`);
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'plataforma-changelog-'));
  try {
    const before = await loadContracts(root, scratch, root, await contractsOf(tag, root));
    const after = await loadContracts(root, scratch);
    console.log(changelog(`Contracts since ${tag}`, changesBetween(before, after)));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
