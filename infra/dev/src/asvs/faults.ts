import { countsOf, type NamedTest, type Requirement, requirements, STATUSES } from './page.ts';
import { comesOf, type SpecTitle } from './spec-titles.ts';

/** What the page is compared with. */
export interface Known {
  /** Level of each requirement by its number; those of level 1 and 2 have to be on the page. */
  readonly levels: ReadonlyMap<string, string>;
  /** The tests of a spec file; undefined when there is none. */
  readonly titlesOf: (file: string) => readonly SpecTitle[] | undefined;
}

/** What is wrong with the page, a sentence each. */
export function faults(page: string, known: Known): string[] {
  const rows = requirements(page);
  const wanted = [...known.levels].filter(([, level]) => level < '3').map(([id]) => id);
  const ids = rows.map(({ id }) => id);
  return [
    ...wanted.filter((id) => !ids.includes(id)).map((id) => `${id} is missing`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    ...rows.flatMap((row) => faultsOf(row, known)),
    ...(page.includes(countsOf(rows)) ? [] : [`the page does not say: ${countsOf(rows)}`]),
  ];
}

function faultsOf({ id, level, status, tests, notes }: Requirement, { levels, titlesOf }: Known): string[] {
  const told = (fault: string) => `${id} ${fault}`;
  const faults: string[] = [];
  const isOurs = /^[a-z-]+$/.test(id);
  if (!isOurs && levels.get(id) !== level) faults.push(told(`is not of level ${level}`));
  if (!STATUSES.some((one) => one === status)) faults.push(told(`is ${status}, which is no status`));
  const linked = notes.some((note) => note.includes(']('));
  if (status === 'met' && tests.length === 0 && !linked) faults.push(told('is shown by nothing'));
  if (status !== 'met' && notes.length === 0) faults.push(told('has no reason'));
  const wrong = tests.map((test) => faultOf(test, titlesOf)).filter((fault) => fault !== undefined);
  return [...faults, ...wrong.map(told)];
}

function faultOf({ file, title }: NamedTest, titlesOf: Known['titlesOf']): string | undefined {
  const titles = titlesOf(file);
  if (titles === undefined) return `names ${file}, which is not there`;
  const found = titles.filter((one) => comesOf(title, one.title));
  if (found.length === 0) return `names no test of ${file}: ${title}`;
  return found.every(({ skipped }) => skipped)
    ? `names a test of ${file} that is skipped: ${title}`
    : undefined;
}

/** A test whose title names a requirement that does not name the test. */
export interface Untold extends NamedTest {
  readonly id: string;
}

/** Tests that name a requirement in their title, which its row does not name: `(ASVS 7.5.1)`. */
export function untold(page: string, all: readonly NamedTest[]): Untold[] {
  const rows = new Map(requirements(page).map((row) => [row.id, row.tests]));
  return all.flatMap(({ file, title }) =>
    numbersIn(title)
      .filter((id) => !rows.get(id)?.some((test) => test.file === file && comesOf(test.title, title)))
      .map((id) => ({ id, file, title })),
  );
}

function numbersIn(title: string): string[] {
  const after = [...title.matchAll(/\bASVS ([\d., ]+)/g)].map(([, numbers = '']) => numbers);
  return after.flatMap((numbers) => numbers.match(/\d+\.\d+\.\d+/g) ?? []);
}
