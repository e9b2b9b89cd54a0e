import { describe, expect, it } from '@jest/globals';
import type { CrashCell } from './cells.ts';
import { lineOf, selected, Tally } from './tally.ts';

const CELL: CrashCell = {
  scenario: 'book and pay',
  service: 'pagamentos',
  victim: 'pagamentos',
  when: 'after',
  point: 'stripe POST /v1/refunds',
  nth: 1,
};
const DO_SERVIDOR: CrashCell = { ...CELL, victim: 'stripe', nth: 2 };

const tally = (...results: ReadonlyArray<{ died: boolean; problems: readonly string[] }>) => {
  const count = new Tally();
  for (const result of results) count.add(result);
  return count;
};

describe('the line of a cell', () => {
  it('says who dies, when, and who comes to which point', () => {
    expect(lineOf(CELL)).toBe('book and pay    pagamentos   after  stripe POST /v1/refunds');
    expect(lineOf(DO_SERVIDOR)).toBe(
      'book and pay    stripe       after  pagamentos comes to stripe POST /v1/refunds #2',
    );
  });

  it('is selected by all words together, and by none when there is none', () => {
    expect(selected([CELL, DO_SERVIDOR], ['after', 'comes to'])).toEqual([DO_SERVIDOR]);
    expect(selected([CELL, DO_SERVIDOR], ['after', 'nothing'])).toEqual([]);
    expect(selected([CELL, DO_SERVIDOR], [])).toEqual([CELL, DO_SERVIDOR]);
  });
});

describe('the end of a matrix', () => {
  it.each([
    ['cells that hold', [{ died: true, problems: [] }], 0],
    [
      'cells of which some were not reached',
      [
        { died: true, problems: [] },
        { died: false, problems: [] },
      ],
      0,
    ],
    [
      'cells of which one fails',
      [
        { died: true, problems: [] },
        { died: true, problems: ['lost'] },
      ],
      1,
    ],
    [
      'cells of which one fails that was not reached',
      [
        { died: true, problems: [] },
        { died: false, problems: ['lost'] },
      ],
      1,
    ],
    ['cells of which none was reached', [{ died: false, problems: [] }], 1],
    ['no cells', [], 1],
  ] as const)('of %s', (_, results, exitCode) => {
    expect(tally(...results).exitCode).toBe(exitCode);
  });

  it('counts each once', () => {
    const results = [
      { died: true, problems: [] },
      { died: false, problems: ['lost'] },
      { died: false, problems: [] },
    ];
    expect(tally(...results).line).toBe('1 cells hold, 1 FAILED, 1 were not reached');
  });
});
