import type { NamedTest } from './page.ts';
import { comesOf, hasPlaceholder } from './spec-titles.ts';

/** What a run of jest tells of itself. */
export interface Run {
  /** Suites that were loaded, by file from the root: their tests. */
  readonly suites: ReadonlyMap<string, ReadonlyArray<{ readonly fullName: string; readonly status: string }>>;
  /** Of whose suites there was at least one. */
  readonly projects: ReadonlySet<string>;
  /** Nobody asked for some suites only. */
  readonly whole: boolean;
}

/**
 * Named tests that such a run had to make and did not: those of a suite that ran without them, and in a whole run also
 * those of a suite that was not there. One that failed was made, and is told of anyway.
 */
export function notRun(named: readonly NamedTest[], run: Run): NamedTest[] {
  return named.filter(({ file, title }) => {
    const suite = run.suites.get(file);
    if (suite === undefined) return run.whole && run.projects.has(projectOf(file));
    const made = suite.filter(
      ({ fullName }) => fullName === title || (hasPlaceholder(title) && comesOf(fullName, title)),
    );
    return made.length === 0 || made.some(({ status }) => status !== 'passed' && status !== 'failed');
  });
}

function projectOf(file: string): string {
  return /\.(int|e2e|proof)\.spec\.ts$/.exec(file)?.[1] ?? 'unit';
}
