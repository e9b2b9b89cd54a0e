import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedTest } from './page.ts';
import { type SpecTitle, specTitles } from './spec-titles.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const read = new Map<string, SpecTitle[]>();

/** The tests of a spec file of the repository; undefined when there is none. */
export function titlesOf(file: string): SpecTitle[] | undefined {
  const path = join(ROOT, file);
  if (!existsSync(path)) return undefined;
  const titles = read.get(file) ?? specTitles(readFileSync(path, 'utf8'));
  read.set(file, titles);
  return titles;
}

/** The tests of the files in which a title names a requirement: `(ASVS 7.5.1)`. */
export function titlesWithRequirements(): NamedTest[] {
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const files = execFileSync('git', ['grep', '-l', '(ASVS [0-9]', '--', '*.spec.ts'], options);
  return files
    .trim()
    .split('\n')
    .flatMap((file) => (titlesOf(file) ?? []).map(({ title }) => ({ file, title })));
}
