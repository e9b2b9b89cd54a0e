import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import pg from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { runtimeMigrations } from '../migrations/runtime-migrations.ts';
import {
  createDataSource,
  isExclusionViolation,
  isRetryable,
  isUniqueViolation,
  migrate,
  pgCode,
} from './postgres.ts';

class Slots1800000000001 implements MigrationInterface {
  readonly name = 'Slots1800000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table slots (
      id int constraint slots_pk primary key,
      periodo int4range,
      constraint slots_periodo_ex exclude using gist (periodo with &&))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table slots');
  }
}

describe('postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  const open = () =>
    createDataSource({
      url: database.url,
      entities: [],
      migrations: [...runtimeMigrations, Slots1800000000001],
      applicationName: 'teste',
      statementTimeoutMs: 1_000,
      lockTimeoutMs: 500,
      poolSize: 4,
    }).initialize();

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await open();
    await migrate(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const failure = (sql: string) => dataSource.query(sql).catch((error: unknown) => error);

  it('limits no statement of a data source without a limit', async () => {
    const semLimite = createDataSource({
      url: database.url,
      entities: [],
      migrations: [],
      applicationName: 'teste',
      statementTimeoutMs: 0,
    });
    await semLimite.initialize();
    const limite = await semLimite.query('show statement_timeout');
    // Longer than the client would wait for a server that has a limit of zero.
    const dormiu = semLimite.query(`select pg_sleep(2.2) is not null as dormiu`);
    expect([limite, await dormiu]).toEqual([[{ statement_timeout: '0' }], [{ dormiu: true }]]);
    await semLimite.destroy();
  });

  it('runs each migration once when several replicas start together', async () => {
    await dataSource.query('drop schema public cascade; create schema public');
    await Promise.all([1, 2, 3, 4].map(() => migrate(dataSource)));
    const rows = await dataSource.query('select name from migrations order by id');
    const names = runtimeMigrations.map((Migration) => ({ name: new Migration().name }));
    expect(rows).toEqual([...names, { name: 'Slots1800000000001' }]);
  });

  it('waits two minutes for its turn to migrate, and lets an index take ten', async () => {
    const connected = jest.spyOn(pg.Client.prototype, 'connect');
    await migrate(dataSource);
    const told = connected.mock.contexts as unknown as Record<string, unknown>[];
    connected.mockRestore();
    expect(told.length).toBeGreaterThanOrEqual(2);
    const [waiting, ...migrating] = told;
    expect(waiting).toMatchObject({
      _connectionTimeoutMillis: 5_000,
      connectionParameters: { application_name: 'teste-migrate', statement_timeout: 120_000 },
    });
    for (const client of migrating)
      expect(client).toMatchObject({
        connectionParameters: {
          statement_timeout: 600_000,
          query_timeout: 602_000,
          lock_timeout: 30_000,
          idle_in_transaction_session_timeout: 30_000,
        },
      });
  });

  it('rolls back when migrations are undone', async () => {
    for (let i = 0; i <= runtimeMigrations.length; i++) await dataSource.undoLastMigration();
    const [left] = await dataSource.query(
      "select count(*)::int as n from information_schema.tables where table_schema = 'public' and table_name <> 'migrations'",
    );
    expect(left).toEqual({ n: 0 });
    await migrate(dataSource);
  });

  it('works in UTC with bounded waits and its own name', async () => {
    const [settings] = await dataSource.query(`select current_setting('TimeZone') as tz,
      current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('transaction_isolation') as isolation, current_setting('application_name') as name`);
    expect(settings).toEqual({
      tz: 'UTC',
      statement: '1s',
      lock: '500ms',
      idle: '30s',
      isolation: 'read committed',
      name: 'teste',
    });
    expect(pgCode(await failure('select pg_sleep(5)'))).toBe('57014');
  });

  it('tells unique and exclusion violations by constraint', async () => {
    await dataSource.query(`insert into slots values (1, '[1,5)')`);
    const unique = await failure(`insert into slots values (1, '[7,8)')`);
    expect(isUniqueViolation(unique)).toBe(true);
    expect(isUniqueViolation(unique, 'slots_pk')).toBe(true);
    expect(isUniqueViolation(unique, 'outra')).toBe(false);
    const exclusion = await failure(`insert into slots values (2, '[4,6)')`);
    expect(isExclusionViolation(exclusion, 'slots_periodo_ex')).toBe(true);
    expect(isUniqueViolation(exclusion)).toBe(false);
  });

  it('recognises a deadlock as retryable', async () => {
    await dataSource.query(`delete from slots; insert into slots values (10, '[10,11)'), (11, '[11,12)')`);
    const patient = await createDataSource({
      url: database.url,
      entities: [],
      migrations: [],
      applicationName: 'teste',
    }).initialize();
    const bothLocked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const lock = (first: number, second: number, mine: 0 | 1, theirs: 0 | 1) =>
      patient.transaction(async (manager) => {
        await manager.query('select 1 from slots where id = $1 for update', [first]);
        bothLocked[mine].resolve();
        await bothLocked[theirs].promise;
        await manager.query('select 1 from slots where id = $1 for update', [second]);
      });
    const results = await Promise.allSettled([lock(10, 11, 0, 1), lock(11, 10, 1, 0)]);
    const rejected = results.filter((result) => result.status === 'rejected');
    expect(rejected.map(({ reason }) => isRetryable(reason))).toEqual([true]);
    const wrapped = new Error('of one of many', { cause: rejected[0]?.reason });
    expect(isRetryable(wrapped)).toBe(true);
    await patient.destroy();
  });

  it('has no code for errors that are not from the database', () => {
    expect(pgCode(new Error('x'))).toBeUndefined();
    expect(pgCode(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBeUndefined();
    expect(pgCode('x')).toBeUndefined();
  });
});
