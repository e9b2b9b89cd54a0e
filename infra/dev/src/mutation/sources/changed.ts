import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES, type Package, readPackage } from './packages.ts';

/** Sources of one package that are to be judged. */
export interface Task {
  readonly name: string;
  readonly own: Package;
  readonly files: ReadonlySet<string>;
  /** Only the mutants on these lines of a file; left out: all. */
  readonly lines?: ReadonlyMap<string, ReadonlySet<number>>;
}

/** The commit to compare with is not known here. */
export class NoBaseError extends Error {}

/**
 * The lines of sources that differ from a commit, package by package: the author of one line of an old file answers for
 * that line. A file that git does not know yet differs as a whole.
 *
 * @param base default: where this branch left `origin/main`, or `main`.
 * @throws {NoBaseError} one sentence.
 */
export function changedSources(root: string, base?: string): Task[] {
  const from = base === undefined ? mergeBase(root) : git(root, 'rev-parse', '--verify', `${base}^{commit}`);
  if (from === undefined) throw new NoBaseError(`there is no commit "${base ?? 'main'}" to compare with`);
  const diff = git(root, 'diff', ...PLAIN, from, '--', ...FOLDERS);
  const unknown = git(root, 'ls-files', '--others', '--exclude-standard', '--', ...FOLDERS);
  // What cannot be read is not the same as nothing to judge.
  if (diff === undefined || unknown === undefined)
    throw new Error(`git cannot tell what differs from ${from}`);
  const lines = changedLines(diff);
  for (const file of unknown.split('\n').filter((name) => name.endsWith('.ts'))) {
    const { length } = readFileSync(join(root, file), 'utf8').trimEnd().split('\n');
    lines.set(file, new Set(Array.from({ length }, (_, n) => n + 1)));
  }
  return Object.entries(PACKAGES).flatMap(([name, folder]) => {
    const own = readPackage(root, folder);
    const files = own.sources.filter((file) => lines.has(file));
    return files.length > 0 ? [{ name, own, files: new Set(files), lines }] : [];
  });
}

/** In bytes: larger than any that people make. */
const LARGEST_DIFF = 2 ** 30;
const FOLDERS = Object.values(PACKAGES);
/** As it is read here, whatever the user has set for their own eyes. */
const PLAIN = ['--unified=0', '--no-ext-diff', '--no-color', '--src-prefix=a/', '--dst-prefix=b/'];

/** The lines that a diff without context has added to each file. */
export function changedLines(diff: string): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  let current = new Set<number>();
  for (const line of diff.split('\n')) {
    const file = /^\+\+\+ b\/(.+)$/.exec(line)?.[1];
    if (file !== undefined) {
      current = new Set();
      lines.set(file, current);
    }
    const [, start, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (start === undefined) continue;
    for (let n = 0; n < Number(count); n += 1) current.add(Number(start) + n);
  }
  return lines;
}

function mergeBase(root: string): string | undefined {
  return git(root, 'merge-base', 'HEAD', 'origin/main') ?? git(root, 'merge-base', 'HEAD', 'main');
}

function git(root: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: LARGEST_DIFF });
  return status === 0 ? stdout.trim() : undefined;
}
