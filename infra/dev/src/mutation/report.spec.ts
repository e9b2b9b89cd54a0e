import { describe, expect, it } from '@jest/globals';
import { describeSurvivors, type Mutante, scoreOf, scoreTable } from './report.ts';

function mutante(status: string, fileName = 'report.spec.ts'): Mutante {
  const start = { line: 1, column: 10 };
  return {
    fileName,
    status,
    mutatorName: 'StringLiteral',
    replacement: '""',
    location: { start, end: start },
  };
}

describe('the report of a mutation run', () => {
  it('counts what could be noticed, and a mutant that never ends as noticed', () => {
    const mutants = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError'].map((s) => mutante(s));
    expect(scoreOf(mutants)).toBe(50);
    expect(scoreOf([mutante('Ignored')])).toBe(100);
  });

  it('begins with the worst file and ends with the sum', () => {
    const mutants = [mutante('Killed', 'a.ts'), mutante('Survived', 'b.ts')];
    expect(scoreTable(mutants)).toBe(
      ['  0.0 %  1 left  b.ts', '100.0 %  0 left  a.ts', ' 50.0 %  1 left  all'].join('\n'),
    );
  });

  it('shows where a survivor is and what nobody noticed', () => {
    const texto = describeSurvivors([mutante('Killed'), mutante('NoCoverage')], import.meta.dirname);
    expect(texto).toBe(
      'report.spec.ts:1:10 NoCoverage StringLiteral\n  - import { describe, expect, it } from \'@jest/globals\';\n  + ""\n',
    );
  });
});
