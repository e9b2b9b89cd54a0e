import { describe, expect, it } from '@jest/globals';
import { BoundedQueue } from './bounded-queue.ts';

/** Work that ends when told to. */
function job(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = () => {
    log.push(name);
    return promise;
  };
  return { work, end: () => resolve(name) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(limits = { atOnce: 1, waiting: 2, waitMs: 1_000 }) {
  const clock = {
    now: 0,
    pass(ms: number) {
      this.now += ms;
    },
  };
  const started: string[] = [];
  const queue = new BoundedQueue(limits, () => clock.now);
  return { clock, started, queue, job: (name: string) => job(started, name) };
}

describe('BoundedQueue', () => {
  it('runs so many at once and the others in turn', async () => {
    const { queue, started, job } = setUp({ atOnce: 2, waiting: 2, waitMs: 1_000 });
    const [a, b, c, d] = [job('a'), job('b'), job('c'), job('d')];
    const done = [a, b, c, d].map(({ work }) => queue.run('ana', work));
    expect(started).toEqual(['a', 'b']);
    b.end();
    await settled();
    expect(started).toEqual(['a', 'b', 'c']);
    for (const { end } of [a, c, d]) end();
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets callers take turns, however many one of them brings', async () => {
    const { queue, started, job } = setUp({ atOnce: 1, waiting: 9, waitMs: 1_000 });
    const jobs = ['ana1', 'ana2', 'ana3', 'ana4', 'bia1', 'bia2', 'caio1'].map((name) => ({
      name,
      ...job(name),
    }));
    const done = jobs.map(({ name, work }) => queue.run(name.slice(0, -1), work));
    for (const { end } of jobs) end();
    await Promise.all(done);
    expect(started).toEqual(['ana1', 'ana2', 'bia1', 'caio1', 'ana3', 'bia2', 'ana4']);
  });

  it('refuses at once when too many wait', async () => {
    const { queue, job } = setUp({ atOnce: 1, waiting: 1, waitMs: 1_000 });
    const [a, b] = [job('a'), job('b')];
    const done = [queue.run('ana', a.work), queue.run('ana', b.work)];
    await expect(queue.run('ana', job('c').work)).rejects.toMatchObject({ code: 'ESEMLOCKED' });
    a.end();
    b.end();
    await Promise.all(done);
  });

  it('gives the place of whoever has most waiting to a caller with less, who is next in turn', async () => {
    const { queue, started, job } = setUp({ atOnce: 1, waiting: 3, waitMs: 1_000 });
    const jobs = ['flood1', 'flood2', 'flood3', 'flood4', 'ana1', 'flood5'].map((name) => ({
      name,
      ...job(name),
    }));
    const told = Promise.allSettled(jobs.map(({ name, work }) => queue.run(name.slice(0, -1), work)));
    for (const { end } of jobs) end();
    expect((await told).map((one) => one.status === 'fulfilled')).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(started).toEqual(['flood1', 'flood2', 'ana1', 'flood3']);
  });

  it('takes no place from those who have as little waiting, and says when to come back', async () => {
    const { queue, job } = setUp({ atOnce: 1, waiting: 2, waitMs: 6_000 });
    const jobs = ['a', 'b', 'c'].map((name) => ({ name, ...job(name) }));
    const done = jobs.map(({ name, work }) => queue.run(name, work));
    const refused = { code: 'ESEMLOCKED', retryAfterSeconds: 6 };
    await expect(queue.run('d', job('d').work)).rejects.toMatchObject(refused);
    for (const { end } of jobs) end();
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c']);
  });

  it('passes over those who waited too long, without doing their work', async () => {
    const { queue, clock, started, job } = setUp();
    const [a, b, c] = [job('a'), job('b'), job('c')];
    const first = queue.run('ana', a.work);
    const late = queue.run('ana', b.work);
    clock.now = 900;
    const third = queue.run('ana', c.work);
    clock.now = 1_001;
    a.end();
    await expect(late).rejects.toThrow('waited too long');
    c.end();
    expect([await first, await third, started]).toEqual(['a', 'c', ['a', 'c']]);
  });

  it('waits for a caller no longer than that one can', async () => {
    const { queue, clock, started, job } = setUp();
    const [a, b, c] = [job('a'), job('b'), job('c')];
    const first = queue.run('ana', a.work);
    const hurried = queue.run('bia', b.work, 400);
    const patient = queue.run('caio', c.work, 9_000);
    clock.now = 401;
    a.end();
    c.end();
    await expect(hurried).rejects.toThrow('waited too long');
    expect([await first, await patient, started]).toEqual(['a', 'c', ['a', 'c']]);
  });

  it('refuses at once whom the work before would keep waiting for too long, and no other caller', async () => {
    const { queue, clock, job } = setUp({ atOnce: 1, waiting: 99, waitMs: 1_000 });
    // What was held up once says nothing of how long work takes.
    for (const took of [9_000, 400, 400, 400, 400, 400, 400, 400, 9_000])
      await queue.run('ana', async () => clock.pass(took));
    const jobs = ['ana1', 'ana2', 'ana3', 'ana4', 'bia1'].map((name) => ({ name, ...job(name) }));
    const told = jobs.map(({ name, work }) => queue.run(name.slice(0, -1), work));
    await expect(queue.run('ana', job('ana5').work)).rejects.toMatchObject({
      ...{ code: 'ESEMLOCKED', message: 'the wait would be too long', retryAfterSeconds: 1 },
    });
    for (const { end } of jobs) end();
    expect(await Promise.all(told)).toEqual(['ana1', 'ana2', 'ana3', 'ana4', 'bia1']);
  });

  it('sends those away whose turn cannot come in time as soon as that is seen', async () => {
    const { queue, clock } = setUp({ atOnce: 1, waiting: 99, waitMs: 1_000 });
    const told: string[] = [];
    // The first one runs at once, so the others come at 200, and the last turn that is of use is the one at 1,200.
    const piece = (caller: string) =>
      queue
        .run(caller, async () => clock.pass(200))
        .then(
          () => void told.push(caller),
          ({ message }: Error) => void told.push(`${caller}: ${message} at ${clock.now}`),
        );
    await Promise.all(['ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'bia'].map(piece));
    const away = 'ana: the wait would be too long at 800';
    expect(told).toEqual(['ana', 'ana', 'bia', away, away, 'ana', 'ana', 'ana', 'ana']);
  });

  it('sends those away who have waited too long although nothing ends', async () => {
    const { queue, clock, job } = setUp();
    const [a, b] = [job('a'), job('b')];
    const first = queue.run('ana', a.work);
    const late = queue.run('ana', b.work);
    clock.now = 1_001;
    await expect(late).rejects.toThrow('waited too long');
    a.end();
    await first;
  });

  it('frees the place when work fails or nobody waits any more', async () => {
    const { queue, clock, job } = setUp();
    await expect(queue.run('ana', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const a = job('a');
    const first = queue.run('ana', a.work);
    const late = queue.run('ana', job('b').work);
    clock.now = 5_000;
    a.end();
    await expect(late).rejects.toThrow('waited too long');
    await first;
    expect(await queue.run('ana', async () => 'c')).toBe('c');
  });
});
