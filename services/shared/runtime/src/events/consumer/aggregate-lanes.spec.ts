import { describe, expect, it } from '@jest/globals';
import { AggregateLanes, type Outcome } from './aggregate-lanes.ts';

describe('AggregateLanes', () => {
  const log: string[] = [];
  const done: Outcome = {};

  /** A job that notes its start and ends when told to. */
  function job(name: string) {
    const end = Promise.withResolvers<Outcome>();
    const run = () => {
      log.push(name);
      return end.promise;
    };
    return { run, end: (outcome: Outcome = done) => end.resolve(outcome) };
  }

  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const note = (name: string) => async () => {
    log.push(name);
    return done;
  };

  function setup(concurrency = 8): AggregateLanes {
    log.length = 0;
    return new AggregateLanes(concurrency);
  }

  it('runs one aggregate in sequence and others beside it', async () => {
    const lanes = setup();
    const first = job('a1');
    lanes.add('a', 1, first.run);
    lanes.add('a', 3, note('a3'));
    lanes.add('a', 2, note('a2'));
    lanes.add('b', 4, note('b4'));
    await settle();
    expect(log).toEqual(['a1', 'b4']);
    first.end();
    await lanes.drain();
    expect(log).toEqual(['a1', 'b4', 'a2', 'a3']);
  });

  it('never runs more than the allowed number at once', async () => {
    const lanes = setup(2);
    const jobs = ['a', 'b', 'c'].map(job);
    for (const [index, { run }] of jobs.entries()) lanes.add(`key${index}`, index, run);
    await settle();
    expect(log).toEqual(['a', 'b']);
    jobs[0]?.end();
    await settle();
    expect(log).toEqual(['a', 'b', 'c']);
    expect(lanes.inHand).toBe(2);
    for (const { end } of jobs) end();
    await lanes.drain();
    expect(lanes.inHand).toBe(0);
  });

  it('lets other aggregates have their turn when one has more and more to do', async () => {
    const lanes = setup(1);
    for (const sequence of [1, 2, 3]) lanes.add('a', sequence, note(`a${sequence}`));
    lanes.add('b', 4, note('b4'));
    await lanes.drain();
    expect(log).toEqual(['a1', 'b4', 'a2', 'a3']);
  });

  it('stays as fast as it was, however many aggregates it has seen', async () => {
    const lanes = setup();
    const began = performance.now();
    for (let aggregate = 0; aggregate < 20_000; aggregate++) {
      lanes.add(`key${aggregate}`, aggregate, async () => done);
      await lanes.below(8);
    }
    await lanes.drain();
    // A tenth of a second; with a trace of each left behind, half a minute.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('lets the retried message go first when it comes back in time', async () => {
    const lanes = setup();
    lanes.add('a', 1, async () => {
      log.push('a1 fails');
      return { retryInMs: 60_000 };
    });
    await settle();
    lanes.add('a', 2, note('a2'));
    lanes.add('b', 3, note('b3'));
    await settle();
    expect(log).toEqual(['a1 fails', 'b3']);
    lanes.add('a', 1, note('a1'));
    await settle();
    expect(log).toEqual(['a1 fails', 'b3', 'a1', 'a2']);
  });

  it('goes on without the retried message when its time is over', async () => {
    const lanes = setup();
    const later = Promise.withResolvers<void>();
    lanes.add('a', 1, async () => ({ retryInMs: -480 }));
    await settle();
    lanes.add('a', 2, async () => {
      later.resolve();
      return done;
    });
    await later.promise;
    await lanes.drain();
    expect(lanes.inHand).toBe(0);
  });

  it('does not hold back earlier messages of the aggregate', async () => {
    const lanes = setup();
    lanes.add('a', 5, async () => ({ retryInMs: 60_000 }));
    await settle();
    lanes.add('a', 4, note('a4'));
    await settle();
    expect(log).toEqual(['a4']);
  });

  it('finishes what is held back when drained', async () => {
    const lanes = setup();
    lanes.add('a', 1, async () => ({ retryInMs: 60_000 }));
    await settle();
    lanes.add('a', 2, note('a2'));
    await lanes.drain();
    expect(log).toEqual(['a2']);
  });
});
