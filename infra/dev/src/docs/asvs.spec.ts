import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faults, untold } from '../asvs/faults.ts';
import { LEVEL_OF } from '../asvs/levels.ts';
import { readPage, requirements } from '../asvs/page.ts';
import { type SpecTitle, specTitles } from '../asvs/spec-titles.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const read = new Map<string, SpecTitle[]>();

function titlesOf(file: string): SpecTitle[] | undefined {
  const path = join(ROOT, file);
  if (!existsSync(path)) return undefined;
  const titles = read.get(file) ?? specTitles(readFileSync(path, 'utf8'));
  read.set(file, titles);
  return titles;
}

describe('the page about the ASVS', () => {
  it('has every requirement once, with its level, a status, and tests that are there and not skipped', () => {
    const page = readPage();
    expect(requirements(page).length).toBeGreaterThan(130);
    expect(faults(page, { levels: LEVEL_OF, titlesOf })).toEqual([]);
  });

  it('names every test that names a requirement', () => {
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const specs = execFileSync('git', ['grep', '-l', '(ASVS [0-9]', '--', '*.spec.ts'], options);
    const all = specs
      .trim()
      .split('\n')
      .flatMap((file) => (titlesOf(file) ?? []).map(({ title }) => ({ file, title })));
    expect(untold(readPage(), all)).toEqual([]);
  });
});
