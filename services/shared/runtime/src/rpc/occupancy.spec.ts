import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Occupancy } from './occupancy.ts';

const CAP = { total: 4, perAddress: 3, perConnection: 2 };

describe('Occupancy', () => {
  it('counts by connection, by address and in all, and says whose share is used up', () => {
    const [a, b, c, d] = [{}, {}, {}, {}];
    const places = new Occupancy(CAP);
    expect([places.enter('x', a), places.enter('x', a), places.enter('x', a)]).toEqual([
      undefined,
      undefined,
      'connection',
    ]);
    expect([places.enter('x', b), places.enter('x', b)]).toEqual([undefined, 'address']);
    expect([places.enter('y', c), places.enter('y', d)]).toEqual([undefined, 'total']);
    expect(places.total).toBe(4);
  });

  it('gives places back, and forgets who has none', () => {
    const connection = {};
    const places = new Occupancy(CAP);
    for (let round = 0; round < 100; round += 1) {
      expect(places.enter('x', connection)).toBeUndefined();
      places.leave('x', connection);
    }
    expect(places.total).toBe(0);
  });

  it('gives back one place at a time', () => {
    const [a, b] = [{}, {}];
    const places = new Occupancy(CAP);
    for (const connection of [a, a, b]) places.enter('x', connection);
    places.leave('x', a);
    expect([places.enter('x', a), places.enter('x', b)]).toEqual([undefined, 'address']);
  });

  it('keeps nothing of a connection that is closed', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const places = new Occupancy(CAP);
    const closed = (() => {
      const connection = {};
      for (const _ of [1, 2]) places.enter('x', connection);
      for (const _ of [1, 2]) places.leave('x', connection);
      return new WeakRef(connection);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(closed.deref()).toBeUndefined();
    expect(places.total).toBe(0);
  });
});
