import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import type { Sql } from './transaction.ts';
import { PostgresUnitOfWork } from './unit-of-work.ts';

describe('PostgresUnitOfWork', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;
  let sent: string[];
  let told: string[];

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
    await dataSource.query('create table efeitos (efeito text)');
  });

  afterAll(async () => {
    await database.drop();
  });

  beforeEach(async () => {
    sent = [];
    told = [];
    await dataSource.query('delete from efeitos');
    await dataSource.query('delete from inbox');
  });

  /** Each effect is told after the commit. */
  const unitOfWork = () =>
    new PostgresUnitOfWork(dataSource, (sql, afterCommit) => ({
      sql,
      async add(efeito: string) {
        await sql.query('insert into efeitos values ($1)', [efeito]);
        afterCommit(async () => {
          told.push(`${efeito}, stored: ${await efeitos(dataSource)}`);
        });
      },
      efeitos: () => efeitos(sql),
    }));

  async function efeitos(sql: Pick<Sql, 'query'>): Promise<string> {
    sent.push('read');
    const rows: Array<{ efeito: string }> = await sql.query('select efeito from efeitos order by efeito');
    return rows.map(({ efeito }) => efeito).join();
  }

  const deadlock = `do $$ begin raise exception using errcode = 'deadlock_detected'; end $$`;

  it('stores what the work has done, answers what it answers, and then tells', async () => {
    const answer = await unitOfWork().run(async (tx) => {
      await tx.add('a');
      await tx.add('b');
      expect(told).toEqual([]);
      return tx.efeitos();
    });
    expect([answer, told]).toEqual(['a,b', ['a, stored: a,b', 'b, stored: a,b']]);
  });

  it('stores and tells nothing when the work fails', async () => {
    const work = unitOfWork().run(async (tx) => {
      await tx.add('a');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect([await efeitos(dataSource), told]).toEqual(['', []]);
  });

  it('is begun anew after a deadlock, and tells of the attempt that was committed only', async () => {
    let attempts = 0;
    await unitOfWork().run(async (tx) => {
      attempts += 1;
      await tx.add(`attempt ${attempts}`);
      if (attempts === 1) await tx.sql.query(deadlock);
    });
    expect(told).toEqual(['attempt 2, stored: attempt 2']);
  });

  it('does the work once per message and consumer', async () => {
    const handle = (consumer: string) => unitOfWork().runOnce(consumer, 'm1', (tx) => tx.add(consumer));
    expect([await handle('um'), await handle('um'), await handle('outro')]).toEqual([true, false, true]);
    expect(await efeitos(dataSource)).toBe('outro,um');
    expect(told).toHaveLength(2);
  });

  it('does the work of a message again when it failed, or was the victim of a deadlock', async () => {
    let attempts = 0;
    const handle = () =>
      unitOfWork().runOnce('um', 'm1', async (tx) => {
        attempts += 1;
        await tx.add(`attempt ${attempts}`);
        if (attempts === 1) throw new Error('died before the commit');
        if (attempts === 2) await tx.sql.query(deadlock);
      });
    await expect(handle()).rejects.toThrow('died before the commit');
    expect([await handle(), await efeitos(dataSource)]).toEqual([true, 'attempt 3']);
  });

  it('sends what is read together with the inbox row, and sees what the first of two deliveries left', async () => {
    const inside = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const seen: string[] = [];
    const handle = () =>
      unitOfWork().runOnce(
        'um',
        'm1',
        async (tx) => {
          const lido = await tx.efeitos();
          seen.push(lido);
          return lido;
        },
        async (tx) => {
          await tx.add('a');
          inside.resolve();
          await goOn.promise;
        },
      );
    const first = handle();
    await inside.promise;
    sent = [];
    const second = handle();
    while (sent.length === 0) await new Promise(setImmediate);
    // Sent, but not answered: it stands behind the row that the first delivery has not committed.
    expect(seen).toEqual(['']);
    goOn.resolve();
    expect([await first, await second, seen]).toEqual([true, false, ['', 'a']]);
  });
});
