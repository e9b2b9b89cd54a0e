import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { registerOnce } from './inbox.ts';

describe('registerOnce', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
    await dataSource.query('create table efeitos (mensagem text)');
  });

  afterAll(async () => {
    await database.drop();
  });

  /** The shape of every consumer: register, then the effect, in one transaction. */
  const consume = (message: string, beforeCommit: () => Promise<void> = async () => undefined) =>
    dataSource.transaction(async (manager) => {
      if (!(await registerOnce(manager, 'teste', message))) return false;
      await manager.query('insert into efeitos values ($1)', [message]);
      await beforeCommit();
      return true;
    });

  async function effects(message: string): Promise<number> {
    const [row] = await dataSource.query('select count(*)::int as n from efeitos where mensagem = $1', [
      message,
    ]);
    return row.n;
  }

  it('lets exactly one effect happen when duplicates come at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => consume('dup')));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await effects('dup')).toBe(1);
  });

  it('lets the duplicate do the work when the first attempt rolls back', async () => {
    const inside = Promise.withResolvers<void>();
    const crash = Promise.withResolvers<void>();
    const first = consume('crash', async () => {
      inside.resolve();
      await crash.promise;
      throw new Error('died before the commit');
    });
    await inside.promise;
    const second = consume('crash');
    crash.resolve();
    await expect(first).rejects.toThrow('died before the commit');
    await expect(second).resolves.toBe(true);
    expect(await effects('crash')).toBe(1);
  });

  it('counts per consumer', async () => {
    await consume('shared');
    const other = await dataSource.transaction((manager) => registerOnce(manager, 'outro', 'shared'));
    expect(other).toBe(true);
  });
});
