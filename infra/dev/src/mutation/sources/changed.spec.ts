import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changedLines, changedSources } from './changed.ts';

it('finds the lines that a diff has added, and none that it has only taken away', () => {
  const diff = [
    'diff --git a/a.ts b/a.ts',
    '--- a/a.ts',
    '+++ b/a.ts',
    '@@ -3 +3,2 @@ function f() {',
    '-antes',
    '+depois',
    '@@ -9,2 +10,0 @@',
    '@@ -20 +20 @@',
    'diff --git a/b.ts b/b.ts',
    '--- a/b.ts',
    '+++ /dev/null',
    '@@ -1,2 +0,0 @@',
  ];
  const lines = changedLines(diff.join('\n'));
  expect(Object.fromEntries(lines)).toEqual({ 'a.ts': new Set([3, 4, 20]) });
});

describe('the sources that differ from a commit', () => {
  const FOLDER = 'services/shared/domain/src';
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mutation-changed-'));
    mkdirSync(join(root, FOLDER), { recursive: true });
    write('antiga.ts', 'export const a = 1;\nexport const b = 2;\n');
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'base');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are found line by line, those that git does not know yet as a whole', () => {
    write('antiga.ts', 'export const a = 1;\nexport const b = 3;\n');
    write('nova.ts', 'export const c = 1;\nexport const d = 2;\n');
    expect(found()).toEqual({ [`${FOLDER}/antiga.ts`]: [2], [`${FOLDER}/nova.ts`]: [1, 2] });
  });

  it('are found however much differs, in them or elsewhere', () => {
    write('antiga.ts', `export const a = 1;\n${'// tanto\n'.repeat(200_000)}`);
    expect(found()[`${FOLDER}/antiga.ts`]).toHaveLength(200_000);
  });

  it('are found whatever the user has set for their own eyes', () => {
    git('config', 'diff.mnemonicPrefix', 'true');
    git('config', 'color.diff', 'always');
    write('antiga.ts', 'export const a = 1;\nexport const b = 3;\n');
    expect(found()).toEqual({ [`${FOLDER}/antiga.ts`]: [2] });
  });

  function write(name: string, text: string): void {
    writeFileSync(join(root, FOLDER, name), text);
  }

  function git(...args: string[]): void {
    const { status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }

  /** Lines by file. */
  function found(): Record<string, number[]> {
    const [task] = changedSources(root, 'HEAD');
    const lines = [...(task?.files ?? [])].map((file) => [file, [...(task?.lines?.get(file) ?? [])]]);
    return Object.fromEntries(lines);
  }
});
