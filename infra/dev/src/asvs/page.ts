import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';

/** A test that a row of the page names: its file from the root of the repository, and its title as the source has it. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

export interface Requirement {
  /** Of the OWASP ASVS 5.0 (`6.2.1`), or a line of our own checklist (`hash`). */
  readonly id: string;
  readonly level: string;
  readonly status: string;
  readonly tests: readonly NamedTest[];
  /** What is said beside the tests. */
  readonly notes: readonly string[];
}

export const STATUSES = ['met', 'deviates', 'not applicable', 'open'] as const;

const PAGE = 'docs/security/asvs.md';
const ROOT = join(import.meta.dirname, '../../../..');

export const ASVS_PAGE = join(ROOT, PAGE);

export function readPage(): string {
  return readFileSync(ASVS_PAGE, 'utf8');
}

/** Rows such as `| 6.2.1 | 1 | eight characters | met | a note<br>[file.int](../../a/file.int.spec.ts) title |`. */
export function requirements(page: string): Requirement[] {
  const rows = page.matchAll(/^\| `?([\w.-]+)`? \| ([123–]) \| (.+?) \| ([a-z ]+) \| (.*) \|$/gm);
  return [...rows].map(([, id = '', level = '', , status = '', shown = '']) => {
    const parts = shown.split('<br>').filter((part) => part !== '');
    const named = parts.map(namedTest);
    return {
      ...{ id, level, status },
      tests: named.filter((test) => test !== undefined),
      notes: parts.filter((_, index) => named[index] === undefined),
    };
  });
}

function namedTest(part: string): NamedTest | undefined {
  const [, link, title] = /^\[[^\]]+\]\(([^)#]+\.spec\.ts)\) (.+)$/.exec(part) ?? [];
  return link && title ? { file: normalize(join(dirname(PAGE), link)), title } : undefined;
}

/** Each test once, however many rows name it. */
export function namedTests(rows: readonly Requirement[]): NamedTest[] {
  const tests = rows.flatMap((row) => row.tests);
  return [...new Map(tests.map((test) => [`${test.file} ${test.title}`, test])).values()];
}

/** The sentence at the head of the page. */
export function countsOf(rows: readonly Requirement[]): string {
  const counts = STATUSES.map((status) => `${rows.filter((row) => row.status === status).length} ${status}`);
  return `${rows.length} lines: ${counts.join(', ')}. ${namedTests(rows).length} tests are named.`;
}

/** The page with these tests in the rows of what they name, and with its counts; a requirement without a row stays without. */
export function pageWith(page: string, tests: ReadonlyArray<NamedTest & { readonly id: string }>): string {
  const full = tests.reduce((text, { id, file, title }) => {
    const link = `[${basename(file, '.spec.ts')}](${relative(dirname(PAGE), file)}) ${title}`;
    const row = new RegExp(`^(\\| ${id.replaceAll('.', '\\.')} \\|.*?)(?: \\||<br> \\|)$`, 'm');
    return text.replace(
      row,
      (_, before: string) => `${before}${before.endsWith(' ') ? '' : '<br>'}${link} |`,
    );
  }, page);
  return full.replace(/^\*\*\d+ lines: .*\*\*$/m, () => `**${countsOf(requirements(full))}**`);
}
