import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FileRegistry } from '@bufbuild/protobuf';
import { loadContracts } from './contracts.ts';

/** Repository root, seen from this file. */
export const REPOSITORY = resolve(import.meta.dirname, '../../../..');
const FIXTURES = join(import.meta.dirname, 'fixtures');

/** Builds packages of the fixture contracts (and `comum`) in a workspace of their own and loads the descriptors. */
export async function loadFixture(...packages: string[]): Promise<FileRegistry> {
  const workspace = await mkdtemp(join(tmpdir(), 'plataforma-fixture-'));
  try {
    const config =
      'version: v2\nmodules:\n  - path: proto\n    excludes: [proto/third_party]\n  - path: proto/third_party\n';
    await writeFile(join(workspace, 'buf.yaml'), config);
    for (const name of ['comum', ...packages])
      await cp(join(FIXTURES, 'proto', name), join(workspace, 'proto', name), { recursive: true });
    await cp(join(REPOSITORY, 'proto/third_party'), join(workspace, 'proto/third_party'), {
      recursive: true,
    });
    await mkdir(join(workspace, 'out'));
    return await loadContracts(REPOSITORY, join(workspace, 'out'), workspace);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Where the expected output of a generator is kept. */
export function goldenFile(name: string): string {
  return join(FIXTURES, 'golden', name);
}
