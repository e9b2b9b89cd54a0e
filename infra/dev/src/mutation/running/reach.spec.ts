import { describe, expect, it } from '@jest/globals';
import type { Mutant } from '../changes/instrument.ts';
import { HOOKS } from './orders.ts';
import { Reach, specRun } from './reach.ts';

const mutant = (id: string, file = 'a.ts'): Mutant => ({
  ...{ id, file, mutator: 'm', line: 1, lineText: '', change: '' },
});
const run = (file: string, ms: number, perTest: Record<string, string[]>, broken: string[] = []) =>
  specRun(file, {
    results: Object.keys(perTest)
      .filter((name) => name !== HOOKS)
      .map((name) => ({ name, ms: 10, error: broken.includes(name) ? 'no' : undefined })),
    ...{ perTest, loading: [], ms },
  });

describe('the tests for a mutant', () => {
  const importers = (file: string) => (file === 'constante.ts' ? ['a.ts'] : []);
  const runs = [
    run('lento.spec.ts', 900, { t1: ['1'], t2: ['1', '2'] }),
    run('ganchos.spec.ts', 50, { t3: [], [HOOKS]: ['1'] }),
    run('rapido.spec.ts', 100, { t4: ['1'], t5: ['2'], quebrado: ['1'] }, ['quebrado']),
  ];
  const mutants = [mutant('1'), mutant('2'), mutant('3'), mutant('4', 'constante.ts')];
  const reach = new Reach({ runs, loading: new Set(['3', '4', '1']) }, mutants, importers);
  const filesFor = (id: string, file?: string) => reach.trialsOf(mutant(id, file)).map((trial) => trial.file);

  it('are those that reach it, the quick files first, and then the files whose hooks do', () => {
    expect(filesFor('1')).toEqual(['rapido.spec.ts', 'lento.spec.ts', 'ganchos.spec.ts']);
    expect(reach.trialsOf(mutant('1'))[1]).toMatchObject({
      only: ['t1', 't2'],
      all: ['t1', 't2'],
      reload: false,
    });
  });

  it('are never those that fail by themselves', () => {
    expect(reach.trialsOf(mutant('1'))[0]).toMatchObject({ only: ['t4'], all: ['t4', 't5'] });
  });

  it('are those of its neighbours, with modules loaded anew, when only loading reaches it', () => {
    expect(reach.trialsOf(mutant('3'))[0]).toMatchObject({ file: 'rapido.spec.ts', reload: true });
    expect(filesFor('4', 'constante.ts')).toEqual(filesFor('3'));
  });

  it('are none when nothing reaches it', () => {
    expect(filesFor('9')).toEqual([]);
  });
});
