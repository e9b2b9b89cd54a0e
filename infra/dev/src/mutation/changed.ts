import { spawnSync } from 'node:child_process';
import { PACKAGES, type Package, readPackage } from './packages.ts';

/** Sources of one package that are to be judged. */
export interface Task {
  readonly name: string;
  readonly own: Package;
  readonly files: ReadonlySet<string>;
}

/** The commit to compare with is not known here. */
export class NoBaseError extends Error {}

/**
 * The sources that differ from a commit, package by package.
 *
 * @param base default: where this branch left `origin/main`, or `main`.
 * @throws {NoBaseError} one sentence.
 */
export function changedSources(root: string, base?: string): Task[] {
  const from = base === undefined ? mergeBase(root) : git(root, 'rev-parse', '--verify', `${base}^{commit}`);
  if (from === undefined) throw new NoBaseError(`there is no commit "${base ?? 'main'}" to compare with`);
  const differing = new Set(git(root, 'diff', '--name-only', '--relative', from)?.split('\n'));
  return Object.entries(PACKAGES).flatMap(([name, folder]) => {
    const own = readPackage(root, folder);
    const files = own.sources.filter((file) => differing.has(file));
    return files.length > 0 ? [{ name, own, files: new Set(files) }] : [];
  });
}

function mergeBase(root: string): string | undefined {
  return git(root, 'merge-base', 'HEAD', 'origin/main') ?? git(root, 'merge-base', 'HEAD', 'main');
}

function git(root: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
