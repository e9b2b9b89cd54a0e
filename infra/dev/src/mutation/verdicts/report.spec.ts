import { expect, it } from '@jest/globals';
import type { Judged } from './gate.ts';
import { describeSurvivor, scoreTable } from './report.ts';

function judged(verdict: Judged['verdict'], file = 'a.ts'): Judged {
  const identity = {
    file,
    line: 'if (a < b) return;',
    mutator: 'EqualityOperator',
    change: 'a < b -> a <= b',
  };
  return { identity, place: `${file}:7`, verdict };
}

it('begins with the worst source and ends with the sum', () => {
  expect(scoreTable([judged({ status: 'killed' }), judged({ status: 'survived' }, 'b.ts')])).toBe(
    ['  0.0 %  1 left  b.ts', '100.0 %  0 left  a.ts', ' 50.0 %  1 left  all'].join('\n'),
  );
});

it('says where a survivor is, what nobody noticed, and how sure that is', () => {
  expect(describeSurvivor(judged({ status: 'survived', doubts: 2, partly: true }))).toBe(
    'a.ts:7 EqualityOperator (not all specs that reach it were run; 2 specs failed without it, too)\n' +
      '  in  if (a < b) return;\n  as  a < b -> a <= b\n',
  );
  expect(describeSurvivor(judged({ status: 'unreached' }))).toContain('(no spec reaches it)');
});
