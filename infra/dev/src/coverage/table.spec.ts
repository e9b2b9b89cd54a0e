import { describe, expect, it } from '@jest/globals';
import { coverageTable, type FileCounts, totalOf } from './table.ts';

function file(name: string, lines: [number, number], branches: [number, number] = [0, 0]): FileCounts {
  const count = ([covered, total]: [number, number]) => ({ covered, total });
  return { file: `services/x/src/${name}`, lines: count(lines), branches: count(branches) };
}

describe('the coverage table', () => {
  it('sums lines and branches instead of averaging files', () => {
    expect(totalOf([file('a.ts', [1, 1], [1, 4]), file('b.ts', [0, 3], [2, 2])])).toEqual({
      lines: 25,
      branches: 50,
    });
  });

  it('takes what has no branches for covered', () => {
    expect(totalOf([file('a.ts', [1, 1])]).branches).toBe(100);
  });

  it('names folders, and files only when they have gaps', () => {
    const files = [file('domain/a.ts', [10, 10]), file('domain/b.ts', [8, 10]), file('main.ts', [0, 10])];
    expect(coverageTable(files, 'services/x/src')).toBe(
      [
        '  lines  branches',
        '  0.0 %   100.0 %  .',
        '  0.0 %   100.0 %    main.ts',
        ' 90.0 %   100.0 %  domain/',
        ' 80.0 %   100.0 %    domain/b.ts',
        ' 60.0 %   100.0 %  services/x/src',
      ].join('\n'),
    );
  });
});
