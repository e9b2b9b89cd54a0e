import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { untilAborted } from '../deadlines/work-signal.ts';
import { createDataSource, isRetryable, isUniqueViolation, pgCode } from './postgres.ts';
import { autocommit, inRepeatableTransaction, inTransaction } from './transaction.ts';

describe('inTransaction', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = createDataSource({
      url: database.url,
      entities: [],
      migrations: [],
      applicationName: 'teste',
      lockTimeoutMs: 200,
      poolSize: 2,
    });
    await dataSource.initialize();
    await dataSource.query('create table numeros (n int primary key)');
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** For statements that want the table for themselves: autovacuum may have it for longer than a lock is waited for. */
  const alone = (sql: string) => eventually(() => dataSource.query(sql));

  beforeEach(() => alone('truncate numeros'));

  const stored = async (): Promise<number[]> =>
    (await dataSource.query('select n from numeros order by n')).map(({ n }: { n: number }) => n);

  it('stores what was done and answers in the shape of the ORM when the work succeeds', async () => {
    const answers = await inTransaction(dataSource, async (sql) => [
      await sql.query('insert into numeros values (1), (2) returning n'),
      await sql.query('update numeros set n = n + 10'),
      await sql.query('select n from numeros where n = $1', [11]),
      await sql.query('delete from numeros where n = $1 returning n', [12]),
    ]);
    expect(answers).toEqual([[{ n: 1 }, { n: 2 }], [[], 2], [{ n: 11 }], [[{ n: 12 }], 1]]);
    expect(await stored()).toEqual([11]);
  });

  it('stores nothing when the work throws', async () => {
    const work = inTransaction(dataSource, async (sql) => {
      await sql.query('insert into numeros values (1)');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await stored()).toEqual([]);
  });

  it('stores nothing and rejects with the error of the driver when one of several statements fails', async () => {
    const error = await inTransaction(dataSource, (sql) =>
      Promise.all([1, 2, 2, 3].map((n) => sql.query('insert into numeros values ($1)', [n]))),
    ).catch((reason: unknown) => reason);
    expect(isUniqueViolation(error, 'numeros_pkey')).toBe(true);
    expect(await stored()).toEqual([]);
  });

  it('rejects when the error of a statement was swallowed, for nothing was stored', async () => {
    const work = inTransaction(dataSource, async (sql) => {
      await sql.query('insert into numeros values (1)');
      await Promise.allSettled([sql.query('select 1/0')]);
    });
    await expect(work).rejects.toThrow('nothing was stored');
    expect(await stored()).toEqual([]);
  });

  it('goes on after a savepoint when a statement behind it fails', async () => {
    await inTransaction(dataSource, async (sql) => {
      await Promise.allSettled([
        sql.query('insert into numeros values (1)'),
        sql.query('savepoint antes'),
        sql.query('select 1/0'),
        sql.query('insert into numeros values (2)'),
      ]);
      await sql.query('rollback to savepoint antes');
    });
    expect(await stored()).toEqual([1]);
  });

  it('shows a read what was committed while the lock sent before it was waited for', async () => {
    const lock = 'select pg_advisory_xact_lock(1)';
    const held = Promise.withResolvers<void>();
    const first = inTransaction(dataSource, async (sql) => {
      await sql.query(lock);
      held.resolve();
      await sql.query('select pg_sleep(0.05)');
      await sql.query('insert into numeros values (7)');
    });
    await held.promise;
    const [, , rows] = await inTransaction(dataSource, (sql) =>
      Promise.all([
        sql.query(`set local lock_timeout = '5s'`),
        sql.query(lock),
        sql.query('select n from numeros'),
      ]),
    );
    await first;
    expect(rows).toEqual([{ n: 7 }]);
  });

  it('leaves a lock timeout of one transaction out of the next on the same connection', async () => {
    const read = () =>
      inTransaction(dataSource, async (sql) => {
        const [before] = await sql.query<{ lock_timeout: string }[]>('show lock_timeout');
        await sql.query(`set local lock_timeout = '1s'`);
        return before?.lock_timeout;
      });
    expect([await read(), await read(), await read()]).toEqual(['200ms', '200ms', '200ms']);
  });

  it('replaces a connection that breaks in the middle, and tells who was using it', async () => {
    const error = await inTransaction(dataSource, (sql) =>
      sql.query('select pg_terminate_backend(pg_backend_pid())'),
    ).catch((reason: unknown) => reason);
    expect(pgCode(error)).toBe('57P01');
    const answers = await Promise.all(
      [1, 2, 3].map((n) => inTransaction(dataSource, (sql) => sql.query(`select ${n} as n`))),
    );
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });

  describe('of work whose time is over', () => {
    const tooLate = new Error('too late');
    let over: AbortController;

    beforeAll(() => dataSource.query('create sequence contador'));
    beforeEach(() => {
      over = new AbortController();
    });

    it('sends nothing more, and neither does what is one statement only', async () => {
      await untilAborted(over.signal, async () => {
        const work = inTransaction(dataSource, async (sql) => {
          await sql.query('insert into numeros values (1)');
          over.abort(tooLate);
          await sql.query(`select nextval('contador')`);
        });
        await expect(work).rejects.toBe(tooLate);
        await expect(autocommit(dataSource).query('insert into numeros values (2)')).rejects.toBe(tooLate);
      });
      expect(await stored()).toEqual([]);
      // A sequence goes on even in what is rolled back.
      expect(await dataSource.query('select is_called from contador')).toEqual([{ is_called: false }]);
    });

    it('stores nothing when only its end was left', async () => {
      const work = untilAborted(over.signal, () =>
        inTransaction(dataSource, async (sql) => {
          await sql.query('insert into numeros values (1)');
          over.abort(tooLate);
        }),
      );
      await expect(work).rejects.toBe(tooLate);
      expect(await stored()).toEqual([]);
    });

    it('is its own master when it outlives that work', async () => {
      const gate = Promise.withResolvers<void>();
      const work = async () => {
        await gate.promise;
        await inTransaction(dataSource, (sql) => sql.query('insert into numeros values (1)'));
      };
      let outliving: Promise<void> | undefined;
      await untilAborted(over.signal, async () => {
        outliving = work();
      });
      over.abort(tooLate);
      gate.resolve();
      await outliving;
      expect(await stored()).toEqual([1]);
    });
  });

  describe('prepared statements', () => {
    const reading = 'select n from numeros where n >= $1';
    const readingAll = 'select * from numeros where n >= $1';

    const everywhere = <T>(text: string) =>
      Promise.all([1, 2].map(() => inTransaction(dataSource, (sql) => sql.query<T>(text, [0]))));

    afterEach(async () => {
      await alone('alter table numeros drop column if exists nota');
      await alone('alter table numeros alter column n type int');
    });

    it('parses a statement with parameters once a connection, unless it answers every column', async () => {
      const texts = await inTransaction(dataSource, async (sql) => {
        // The connection comes from the pool, with what earlier work has prepared on it.
        await sql.query('deallocate all');
        for (let i = 0; i < 3; i++)
          await Promise.all([sql.query(reading, [i]), sql.query(reading, [i]), sql.query(readingAll, [i])]);
        return sql.query<{ statement: string }[]>('select statement from pg_prepared_statements');
      });
      expect(texts.filter(({ statement }) => statement.includes('numeros'))).toEqual([
        { statement: reading },
      ]);
    });

    it('goes on when another replica adds a column', async () => {
      await everywhere(reading);
      await everywhere(readingAll);
      await alone(`alter table numeros add column nota text default 'nova'`);
      await dataSource.query('insert into numeros values (1)');
      expect(await everywhere(reading)).toEqual([[{ n: 1 }], [{ n: 1 }]]);
      expect(await everywhere(readingAll)).toEqual([[{ n: 1, nota: 'nova' }], [{ n: 1, nota: 'nova' }]]);
    });

    it('asks for another try, on a new connection, when the type of a column has changed', async () => {
      await autocommit(dataSource).query('insert into numeros values ($1)', [1]);
      await everywhere(reading);
      await alone('alter table numeros alter column n type bigint');
      const error = await everywhere(reading).catch((reason: unknown) => reason);
      expect(isRetryable(error)).toBe(true);
      await eventually(async () => expect(await everywhere(reading)).toEqual([[{ n: '1' }], [{ n: '1' }]]));
    });

    it('is tried again by itself where the work may be repeated, and where there is only the statement', async () => {
      await autocommit(dataSource).query('insert into numeros values ($1)', [1]);
      const again = () =>
        Promise.all([1, 2].map(() => inRepeatableTransaction(dataSource, (sql) => sql.query(reading, [0]))));
      expect(await again()).toEqual([[{ n: 1 }], [{ n: 1 }]]);
      await alone('alter table numeros alter column n type bigint');
      expect(await again()).toEqual([[{ n: '1' }], [{ n: '1' }]]);
      await alone('alter table numeros alter column n type int');
      const single = [1, 2].map(() => autocommit(dataSource).query(reading, [0]));
      expect(await Promise.all(single)).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    });
  });

  describe('that may be repeated', () => {
    it('is done again when it was the victim of a deadlock, without a trace of the first attempt', async () => {
      await dataSource.query('insert into numeros values (1), (2)');
      const both = Promise.withResolvers<void>();
      let attempts = 0;
      const lock = 'select n from numeros where n = $1 for update';
      const change = (first: number, second: number, by: number) =>
        inRepeatableTransaction(dataSource, async (sql) => {
          await sql.query(`set local lock_timeout = '5s'`);
          await sql.query(lock, [first]);
          attempts += 1;
          if (attempts === 2) both.resolve();
          await both.promise;
          await sql.query(lock, [second]);
          await sql.query('insert into numeros values ($1)', [by]);
        });
      await Promise.all([change(1, 2, 10), change(2, 1, 20)]);
      expect(await stored()).toEqual([1, 2, 10, 20]);
      // A second deadlock may follow the first: the victim is quick, and the other one still waits.
      expect(attempts).toBeGreaterThan(2);
    });

    it('is given up after four attempts in which others went first', async () => {
      let attempts = 0;
      const work = inRepeatableTransaction(dataSource, async (sql) => {
        attempts += 1;
        await sql.query(`do $$ begin raise exception using errcode = 'deadlock_detected'; end $$`);
      });
      expect(pgCode(await work.catch((error: unknown) => error))).toBe('40P01');
      expect(attempts).toBe(4);
    });

    it('is given up at once when something else went wrong', async () => {
      let attempts = 0;
      const work = inRepeatableTransaction(dataSource, async () => {
        attempts += 1;
        throw new Error('a mistake of ours');
      });
      await expect(work).rejects.toThrow('a mistake of ours');
      expect(attempts).toBe(1);
    });
  });
});
