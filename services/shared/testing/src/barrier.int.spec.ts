import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Barrier, doneOrBlocked, stopAt } from './barrier.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

describe('stopAt', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let barrier: Barrier | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, pipeline: true } as pg.PoolConfig);
    await pool.query('create table contas (id int primary key, saldo int)');
  });

  afterEach(async () => {
    barrier?.open();
    await pool.query('truncate contas');
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** Takes all there is, as somebody does who reads before writing. */
  async function sacar(read: string): Promise<number> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ saldo: number }>(read);
      await client.query('update contas set saldo = saldo - $1', [rows[0]?.saldo]);
      await client.query('commit');
      return rows[0]?.saldo ?? 0;
    } finally {
      client.release();
    }
  }

  const saldo = async () => (await pool.query('select saldo from contas')).rows[0].saldo;

  it('runs a race in the order that loses without a lock, every time', async () => {
    await pool.query('insert into contas values (1, 100)');
    barrier = stopAt(/^update contas/);
    const first = sacar('select saldo from contas');
    await barrier.reached();
    const second = sacar('select saldo from contas');
    expect(await doneOrBlocked(pool, second)).toBe('done');
    barrier.open();
    expect([await first, await second, await saldo()]).toEqual([100, 100, -100]);
  });

  it('tells that a lock keeps the second one waiting', async () => {
    await pool.query('insert into contas values (1, 100)');
    barrier = stopAt(/^update contas/);
    const first = sacar('select saldo from contas for update');
    await barrier.reached();
    const second = sacar('select saldo from contas for update');
    expect(await doneOrBlocked(pool, second)).toBe('blocked');
    barrier.open();
    expect([await first, await second, await saldo()]).toEqual([100, 0, 0]);
  });

  it('keeps the order of what a held connection sends together, and holds nobody else', async () => {
    const client = await pool.connect();
    barrier = stopAt(/values \(1/);
    const sent = Promise.all([
      client.query('insert into contas values (1, 1)'),
      client.query('update contas set saldo = 2'),
      client.query('select saldo from contas'),
    ]);
    await barrier.reached();
    await pool.query('insert into contas values (2, 7)');
    barrier.open();
    const [, , { rows }] = await sent;
    client.release();
    expect(rows).toEqual([{ saldo: 2 }, { saldo: 2 }]);
  });

  it('holds the answer of what has been carried out, and what is sent after it', async () => {
    barrier = stopAt(/values \(3/, { when: 'after' });
    const client = await pool.connect();
    const inserted = client.query('insert into contas values (3, 3)');
    const changed = client.query('update contas set saldo = 4');
    await barrier.reached();
    await pool.query('select pg_sleep(0.01)');
    expect(await saldo()).toBe(3);
    barrier.open();
    await Promise.all([inserted, changed]);
    client.release();
    expect(await saldo()).toBe(4);
  });

  it('holds as many as it was told, whoever comes later passes, and an error stays an error', async () => {
    barrier = stopAt(/values \(9/, { count: 2 });
    const two = [1, 2].map(() => pool.query('insert into contas values (9, 9)').catch(({ code }) => code));
    await barrier.reached();
    await pool.query('insert into contas values (9, 9)');
    barrier.open();
    expect(await Promise.all(two)).toEqual(['23505', '23505']);
  });
});
