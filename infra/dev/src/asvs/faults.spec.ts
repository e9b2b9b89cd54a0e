import { describe, expect, it } from '@jest/globals';
import { faults, untold } from './faults.ts';
import { countsOf, pageWith, requirements } from './page.ts';
import { specTitles } from './spec-titles.ts';

const LEVELS = new Map([
  ['6.2.1', '1'],
  ['6.2.9', '2'],
  ['6.3.5', '3'],
]);

const SPEC = `
describe('passwords', () => {
  it('are long', () => {});
  it.skip('are stored', () => {});
  it.each([1, 2])('are no %s', () => {});
});
describe.skip('codes', () => {
  it('work once', () => {});
});
// it('is a comment', () => {});
const text = "it('is a text', () => {})";
xit('is put off', () => {});
it.todo('is planned');
`;

const titlesOf = (file: string) => (file === 'a/senha.spec.ts' ? specTitles(SPEC) : undefined);
const link = '[senha](../../a/senha.spec.ts)';
const LONG = `| 6.2.1 | 1 | long | met | ${link} passwords are long |`;
const OPEN = '| 6.2.9 | 2 | allowed | open | not built |';

/** The faults of a page with these rows, whose counts are right. */
function of(...rows: string[]): string[] {
  const page = rows.join('\n');
  return faults(`${countsOf(requirements(page))}\n${page}\n`, { levels: LEVELS, titlesOf });
}

const naming = (title: string, file = link) => of(`| 6.2.1 | 1 | long | met | ${file} ${title} |`, OPEN);

describe('the check of the page about the ASVS', () => {
  it('has nothing to say about a page that is right', () => {
    expect(of(LONG, OPEN)).toEqual([]);
    expect(naming('passwords are no %s')).toEqual([]);
    expect(naming('passwords are no 2')).toEqual([]);
  });

  it.each([
    ['is in no block of the file', 'passwords are short'],
    ['has another title around it', 'are long'],
    ['is in a comment', 'is a comment'],
    ['is in a text', 'is a text'],
  ])('misses a test that %s', (_, title) => {
    expect(naming(title)).toEqual([`6.2.1 names no test of a/senha.spec.ts: ${title}`]);
  });

  it.each(['passwords are stored', 'codes work once', 'is put off', 'is planned'])(
    'takes no test that is skipped: %s',
    (title) => {
      expect(naming(title)).toEqual([`6.2.1 names a test of a/senha.spec.ts that is skipped: ${title}`]);
    },
  );

  it('misses a file', () => {
    expect(naming('passwords are long', '[b](../../b.spec.ts)')).toEqual([
      '6.2.1 names b.spec.ts, which is not there',
    ]);
  });

  it('misses a requirement, of level 1 or 2 only', () => {
    expect(of(LONG)).toEqual(['6.2.9 is missing']);
  });

  it.each([
    ['6.2.1 is there twice', LONG],
    ['7.9.9 is not of level 1', `| 7.9.9 | 1 | x | met | ${link} passwords are long |`],
    ['6.3.5 is not of level 2', `| 6.3.5 | 2 | x | met | ${link} passwords are long |`],
    ['6.3.5 is shown by nothing', '| 6.3.5 | 3 | x | met | surely |'],
    ['6.3.5 has no reason', '| 6.3.5 | 3 | x | not applicable |  |'],
    ['6.3.5 is done, which is no status', `| 6.3.5 | 3 | x | done | why<br>${link} passwords are long |`],
  ])('says that %s', (fault, row) => {
    expect(of(LONG, OPEN, row)).toEqual([fault]);
  });

  it('takes a page of ours for what is written down', () => {
    expect(of(LONG, OPEN, '| 6.3.5 | 3 | x | met | [here](../README.md) |')).toEqual([]);
  });

  it('says what the counts are when the page does not', () => {
    const known = { levels: LEVELS, titlesOf };
    expect(faults(`${LONG}\n${OPEN}\n`, known)).toEqual([
      'the page does not say: 2 lines: 1 met, 0 deviates, 0 not applicable, 1 open. 1 tests are named.',
    ]);
  });

  it('misses a test that names a requirement, until it is written down', () => {
    const tests = [
      'passwords are long (ASVS 6.2.1)',
      'other',
      'both (ASVS 6.2.1, 6.2.9)',
      'c (ASVS 1.1.1)',
    ].map((title) => ({ file: 'a/senha.spec.ts', title }));
    const page = `**1 lines: x**\n${LONG}\n${OPEN}\n| 6.3.5 | 3 | x | met |  |`;
    const missed = untold(page, tests);
    expect(missed.map(({ id, title }) => `${id} ${title}`)).toEqual([
      '6.2.1 passwords are long (ASVS 6.2.1)',
      '6.2.1 both (ASVS 6.2.1, 6.2.9)',
      '6.2.9 both (ASVS 6.2.1, 6.2.9)',
      '1.1.1 c (ASVS 1.1.1)',
    ]);
    const full = pageWith(page, [...missed, { id: '6.3.5', file: 'b.spec.ts', title: 'd' }]);
    expect(untold(full, tests).map(({ id }) => id)).toEqual(['1.1.1']);
    expect(full).toContain(`**${countsOf(requirements(full))}**`);
    expect(full).toContain('| 6.3.5 | 3 | x | met | [b](../../b.spec.ts) d |');
    expect(requirements(full).map(({ tests: { length } }) => length)).toEqual([3, 1, 1]);
  });
});
