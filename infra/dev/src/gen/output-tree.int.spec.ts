import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyDifferences, compareTrees, type OutputTree, readTree } from './output-tree.ts';

const OLD: OutputTree = new Map([
  ['gen/src/igual.ts', 'a'],
  ['gen/src/velho.ts', 'b'],
  ['gen/src/v1/mudou.ts', 'c'],
]);
const NEW: OutputTree = new Map([
  ['gen/src/igual.ts', 'a'],
  ['gen/src/v1/mudou.ts', 'd'],
  ['gen/src/v1/novo.ts', 'e'],
]);

describe('the tree of generated files', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'plataforma-tree-'));
    await applyDifferences(root, OLD, compareTrees(OLD, new Map()));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('is told apart by missing, changed and stale files when the disk is out of date', async () => {
    expect(compareTrees(NEW, await readTree(root, 'gen/src'))).toEqual([
      { path: 'gen/src/v1/mudou.ts', kind: 'changed' },
      { path: 'gen/src/v1/novo.ts', kind: 'missing' },
      { path: 'gen/src/velho.ts', kind: 'stale' },
    ]);
  });

  it('equals the disk when the differences are applied, and stale files are gone', async () => {
    await applyDifferences(root, NEW, compareTrees(NEW, await readTree(root, 'gen/src')));
    expect(await readTree(root, 'gen/src')).toEqual(NEW);
    expect(await readFile(join(root, 'gen/src/v1/mudou.ts'), 'utf8')).toBe('d');
  });

  it('leaves a file alone when it is up to date', async () => {
    const before = await stat(join(root, 'gen/src/igual.ts'), { bigint: true });
    await applyDifferences(root, NEW, compareTrees(NEW, await readTree(root, 'gen/src')));
    expect((await stat(join(root, 'gen/src/igual.ts'), { bigint: true })).mtimeNs).toBe(before.mtimeNs);
  });

  it('is empty when the folder does not exist', async () => {
    expect((await readTree(root, 'gen/kong')).size).toBe(0);
  });
});
