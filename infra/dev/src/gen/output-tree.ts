import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** What a generator wants to exist: path relative to the repository root (with `/`) -> text of the file. */
export type OutputTree = Map<string, string>;

/** How the folder on disk differs from what the generators produced. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'changed' | 'stale';
}

/** Reads every file under `folder`; an absent folder is an empty tree. Keys are relative to `base`. */
export async function readTree(base: string, folder: string): Promise<OutputTree> {
  const tree: OutputTree = new Map();
  const entries = await readdir(join(base, folder), { recursive: true, withFileTypes: true }).catch(absent);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    tree.set(relative(base, path).split(sep).join('/'), await readFile(path, 'utf8'));
  }
  return tree;
}

function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Compares the generated tree with what is on disk, sorted by path. */
export function compareTrees(generated: OutputTree, onDisk: OutputTree): Difference[] {
  const differences: Difference[] = [];
  for (const [path, text] of generated) {
    const current = onDisk.get(path);
    if (current === undefined) differences.push({ path, kind: 'missing' });
    else if (current !== text) differences.push({ path, kind: 'changed' });
  }
  for (const path of onDisk.keys()) if (!generated.has(path)) differences.push({ path, kind: 'stale' });
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the disk equal to the generated tree, touching only the files that differ. */
export async function applyDifferences(
  root: string,
  generated: OutputTree,
  differences: readonly Difference[],
): Promise<void> {
  for (const { path, kind } of differences) {
    const target = join(root, path);
    if (kind === 'stale') {
      await rm(target);
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, generated.get(path) ?? '');
  }
}
