import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../../test/support/database.ts';
import { Selos } from '../../selos/infrastructure/selos.ts';
import { PostgresChavesRepository } from './chaves-repository.ts';
import { SigningKeys } from './signing-keys.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

let dataSource: DataSource;
let close: (() => Promise<void>) | undefined;
let clock: FixedClock;
let barrier: Barrier | undefined;
const warnings: unknown[] = [];

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
});

beforeEach(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  warnings.length = 0;
  await dataSource.query('truncate chaves_assinatura');
});

afterEach(() => {
  barrier?.open();
  jest.restoreAllMocks();
});

afterAll(() => close?.());

/** What one replica knows. */
function replica(): SigningKeys {
  const logger = { warn: (...told: unknown[]) => void warnings.push(told) };
  const master = { masterKey: Buffer.alloc(32, 7), previousMasterKey: undefined };
  const selos = new Selos(master, 'signing-keys');
  const chaves = new PostgresChavesRepository({ dataSource, clock, selos });
  return new SigningKeys({ chaves, clock, logger });
}

const away = () => dataSource.query('alter table chaves_assinatura rename to chaves_fora');
const back = () => dataSource.query('alter table chaves_fora rename to chaves_assinatura');

describe('the signing key', () => {
  it('is made once when two replicas start at once', async () => {
    barrier = stopAt(/insert into chaves_assinatura/);
    const one = replica().active();
    await barrier.reached();
    const other = replica().active();
    const how = await doneOrBlocked(dataSource, other);
    barrier.open();
    const [mine, yours] = await Promise.allSettled([one, other]);
    expect([how, mine.status, yours.status]).toEqual(['blocked', 'fulfilled', 'fulfilled']);
    expect((await one).kid).toBe((await other).kid);
  });

  it('is known without the database for ten minutes, and signs nothing after that', async () => {
    const keys = replica();
    const { kid } = await keys.active();
    await away();
    try {
      clock.advance(5 * SECOND_MS - 1);
      expect((await keys.active()).kid).toBe(kid);
      expect(warnings).toEqual([]);
      clock.advance(10 * MINUTE_MS - 5 * SECOND_MS);
      expect((await keys.active()).kid).toBe(kid);
      expect((await keys.active()).kid).toBe(kid);
      expect(warnings).toHaveLength(1);
      clock.advance(1);
      await expect(keys.active()).rejects.toThrow('chaves_assinatura');
    } finally {
      await back();
    }
    expect((await keys.active()).kid).toBe(kid);
  });

  it('is looked up again after five seconds, by one of those who ask', async () => {
    const keys = replica();
    await keys.active();
    const asked = jest.spyOn(dataSource.manager, 'query');
    clock.advance(5 * SECOND_MS - 1);
    await keys.active();
    expect(asked).not.toHaveBeenCalled();
    clock.advance(1);
    await Promise.all(Array.from({ length: 10 }, () => keys.active()));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('is the one that signs by then, five seconds after it was taken back', async () => {
    const keys = replica();
    const { kid } = await keys.active();
    await dataSource.query('delete from chaves_assinatura');
    clock.advance(5 * SECOND_MS);
    expect((await keys.active()).kid).not.toBe(kid);
  });

  it('is as old as the question, not as its answer', async () => {
    barrier = stopAt(/where estado = /, { when: 'after' });
    const keys = replica();
    const first = keys.active();
    await barrier.reached();
    clock.advance(5 * SECOND_MS);
    barrier.open();
    await first;
    const asked = jest.spyOn(dataSource.manager, 'query');
    await keys.active();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('cannot be replaced by one that was sealed under another name', async () => {
    await replica().active();
    await dataSource.query(`update chaves_assinatura set kid = 'outra'`);
    await expect(replica().active()).rejects.toThrow();
  });
});
