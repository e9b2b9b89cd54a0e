import { describe, expect, it } from '@jest/globals';
import type { Mutant } from '../changes/instrument.ts';
import type { Order } from '../running/orders.ts';
import type { Trial } from '../running/reach.ts';
import type { Outcome } from '../running/spec-process.ts';
import { Judge } from './judge.ts';

const MUTANT: Mutant = { id: '1', file: 'a.ts', mutator: 'm', line: 1, lineText: '', change: '' };
const trial = (file: string, ms = 10): Trial => ({
  file,
  only: ['t1'],
  all: ['t1', 't2'],
  ms,
  reload: false,
});

const outcome = (error?: string, ms = 10): Outcome => ({
  ...{ results: [{ name: 't1', ms, error }], perTest: {}, loading: [], ms },
});
const fails = outcome('no');
const passes = outcome();
const stuck: Outcome = { stuck: 'never let go of the thread' };

/** Answers orders in turn: with the mutant, without it, with it, ... */
function judgeWith(...outcomes: readonly Outcome[]) {
  const orders: Order[] = [];
  let stops = 0;
  const judge = new Judge('/raiz', {
    run: async (order) => outcomes[orders.push(order) - 1] ?? passes,
    stop: async () => {
      stops += 1;
    },
  });
  return { judge, orders, stops: () => stops };
}

describe('a mutant', () => {
  it('is noticed when a test fails with it and passes without it', async () => {
    const { judge, orders } = judgeWith(fails, passes);
    expect(await judge.judge(MUTANT, [trial('a.spec.ts')])).toEqual({
      ...{ status: 'killed', by: 'a.spec.ts', how: 't1: no' },
    });
    expect(orders).toMatchObject([
      { file: '/raiz/a.spec.ts', mutant: '1', only: ['t1'] },
      { mutant: undefined, only: ['t1'] },
    ]);
  });

  it('survives when every trial passes', async () => {
    const { judge } = judgeWith(passes, passes);
    expect(await judge.judge(MUTANT, [trial('a.spec.ts'), trial('b.spec.ts')])).toMatchObject({
      status: 'survived',
    });
  });

  it('is unreached without a trial', async () => {
    expect(await judgeWith().judge.judge(MUTANT, [])).toEqual({ status: 'unreached' });
  });

  it('is tried again in a new process with all tests when one fails without it, too', async () => {
    const { judge, orders, stops } = judgeWith(fails, fails, fails, passes);
    expect(await judge.judge(MUTANT, [trial('a.spec.ts')])).toMatchObject({ status: 'killed' });
    expect(stops()).toBe(1);
    expect(orders[2]).toMatchObject({ mutant: '1', only: ['t1', 't2'], generation: 1 });
  });

  it('survives a test that fails whatever is done, and the doubt is told', async () => {
    const { judge } = judgeWith(fails, fails, fails, fails);
    expect(await judge.judge(MUTANT, [trial('a.spec.ts')])).toEqual({ status: 'survived', doubts: 1 });
  });

  it('is not noticed by a test that waits as long without it', async () => {
    const slow = outcome('timeout', 10_000);
    const { judge } = judgeWith(slow, outcome(undefined, 8_000), slow, outcome(undefined, 8_000));
    expect(await judge.judge(MUTANT, [trial('a.spec.ts')])).toMatchObject({ status: 'survived', doubts: 1 });
  });

  it('is noticed when the process is stuck with it and not without it', async () => {
    const { judge } = judgeWith(stuck, passes);
    expect(await judge.judge(MUTANT, [trial('a.spec.ts')])).toMatchObject({
      how: 'never let go of the thread',
    });
  });

  it('is asked of the file first that has noticed most mutants of its source', async () => {
    const { judge, orders } = judgeWith(passes, fails, passes, fails, passes);
    const trials = [trial('a.spec.ts'), trial('b.spec.ts')];
    await judge.judge(MUTANT, trials);
    await judge.judge({ ...MUTANT, id: '2' }, trials);
    expect(orders[3]).toMatchObject({ file: '/raiz/b.spec.ts', mutant: '2' });
  });

  it('survives when the specs left would take too long, and it is told', async () => {
    const { judge } = judgeWith(passes);
    const trials = [trial('a.spec.ts', 60_000), trial('b.spec.ts', 60_000)];
    expect(await judge.judge(MUTANT, trials)).toMatchObject({ status: 'survived', partly: true });
  });
});
