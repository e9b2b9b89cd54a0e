import { describe, expect, it } from '@jest/globals';
import { ProviderAwayError, type Work, type WorkQueue } from '@plataforma/domain/work-queue';
import { inTurn, oneByOne } from './one-by-one.ts';

describe('oneByOne', () => {
  it('does those behind an item that cannot even be put off, and fails as a whole then', async () => {
    const done: string[] = [];
    const told: unknown[] = [];
    const work = oneByOne({
      due: async () => ['a', 'unstorable', 'b', 'bad', 'c'],
      async execute(item) {
        if (item === 'unstorable' || item === 'bad') throw new Error(`${item} failed`);
        done.push(item);
      },
      async putOff(item) {
        if (item === 'unstorable') throw new Error('not stored');
        return { item, failures: 1 };
      },
    });
    const look = work(50, ({ item }) => void told.push(item));
    await expect(look).rejects.toMatchObject({
      errors: [{ message: 'unstorable failed' }, { message: 'not stored' }],
    });
    expect([done, told]).toEqual([['a', 'b', 'c'], ['bad']]);
  });
});

describe('a queue whose provider is away', () => {
  const away = new ProviderAwayError('Stripe');

  /** One look at these items: those that need the provider, one that it refuses, others. */
  async function look(items: readonly string[], more: Partial<WorkQueue<string>> = {}) {
    const seen: string[] = [];
    const work = oneByOne<string>({
      due: async () => items,
      async execute(item) {
        if (item.startsWith('asks')) throw away;
        if (item === 'refused') throw new Error('no');
        seen.push(`did ${item}`);
      },
      async putOff(item) {
        seen.push(`put off ${item}`);
        return { item, failures: 1 };
      },
      giveBack: async (item, error) => void seen.push(`gave back ${item}: ${error.message}`),
      ...more,
    });
    const outcome = await work(50, ({ item }) => void seen.push(`told of ${item}`)).catch((error) => error);
    return { seen, outcome };
  }

  it('counts no failure of an item, and fails as a whole where each needed the provider', async () => {
    expect(await look(['asks', 'asks too'])).toEqual({
      seen: ['gave back asks: Stripe', 'gave back asks too: Stripe'],
      outcome: away,
    });
  });

  it('goes on with the items that do not need it, and puts off what it has refused', async () => {
    expect(await look(['asks', 'refused', 'other'])).toEqual({
      seen: ['gave back asks: Stripe', 'put off refused', 'told of refused', 'did other'],
      outcome: 3,
    });
  });

  it('fails as a whole where an item cannot be given back, once the others had their turn', async () => {
    const { seen, outcome } = await look(['asks', 'other'], {
      giveBack: () => Promise.reject(new Error('not stored')),
    });
    expect([seen, outcome]).toMatchObject([['did other'], { errors: [away, { message: 'not stored' }] }]);
  });
});

describe('a batch that fails', () => {
  const batch = (together: () => Promise<number>) => {
    const told: string[] = [];
    let broken: string | undefined;
    const work = oneByOne<string>({
      due: async () => ['a', 'b'],
      together,
      async execute(item) {
        if (item === broken) throw new Error('poisoned');
      },
      putOff: async (item) => ({ item, failures: 1 }),
    });
    const look = (bad?: string) => {
      broken = bad;
      return work(50, ({ item, failures, error }) => void told.push(`${item} ${failures} ${error}`));
    };
    return { told, look };
  };

  it('is told of when it fails again and again though each item is done alone', async () => {
    const { told, look } = batch(() => Promise.reject(new Error('broken')));
    expect([await look(), await look(), await look()]).toEqual([2, 2, 2]);
    expect(told).toEqual(['batch 1 Error: broken', 'batch 2 Error: broken']);
  });

  it('is not told of when it was one of its items', async () => {
    const { told, look } = batch(() => Promise.reject(new Error('poisoned')));
    for (let n = 0; n < 3; n++) await look('b');
    expect(told).toEqual(Array(3).fill('b 1 Error: poisoned'));
  });

  it('is not told of when it works again the next time', async () => {
    let n = 0;
    const { told, look } = batch(async () => {
      if (n++ % 2 === 0) throw new Error('deadlock');
      return 1;
    });
    expect([await look(), await look(), await look(), await look()]).toEqual([2, 1, 2, 1]);
    expect(told).toEqual([]);
  });
});

describe('inTurn', () => {
  const fails = (message: string) => () => Promise.reject(new Error(message));

  /** What a look at these kinds comes to, and which failed how often in a row. */
  function looking(kinds: Record<string, Work>) {
    const told: string[] = [];
    const work = inTurn(kinds);
    return { told, look: () => work(50, ({ item, failures }) => void told.push(`${item} ${failures}`)) };
  }

  it('looks at each kind, and has done as much as the one that did most', async () => {
    const limits: number[] = [];
    const kind = (done: number) => async (limit: number) => {
      limits.push(limit);
      return done;
    };
    expect(await looking({ a: kind(0), b: kind(7), c: kind(3) }).look()).toBe(7);
    expect(limits).toEqual([50, 50, 50]);
  });

  it('goes on after a kind that fails, and tells of it until it works', async () => {
    let broken = true;
    const a = async () => (broken ? fails('broken')() : 1);
    const { told, look } = looking({ a, b: async () => 2 });
    expect([await look(), await look()]).toEqual([2, 2]);
    expect(told).toEqual(['a 1', 'a 2']);
    broken = false;
    await look();
    broken = true;
    await look();
    expect(told).toEqual(['a 1', 'a 2', 'a 1']);
  });

  it('fails when every kind does', async () => {
    const { told, look } = looking({ a: fails('no database'), b: fails('neither') });
    await expect(look()).rejects.toThrow('no database');
    expect(told).toEqual([]);
  });
  it('takes a kind whose provider is away for no failure, and pauses once the others are done', async () => {
    const away = new ProviderAwayError('Stripe');
    const { told, look } = looking({ a: () => Promise.reject(away), b: async () => 2, c: fails('broken') });
    await expect(look()).rejects.toBe(away);
    expect(told).toEqual(['c 1']);
  });
});
