import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { failureOf } from '../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../test/listeners.ts';
import { PostgresIdempotencyStore } from './idempotency-store.ts';
import { runtimeMigrations } from './migrations/runtime-migrations.ts';
import { createDataSource, migrate } from './postgres.ts';
import { delay } from './wait.ts';

const LEASE_MS = 300;

describe('a call with an Idempotency-Key whose handler runs on past its deadline', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let listeners: Listeners;
  let runs = 0;
  let running = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = {
      url: database.url,
      entities: [],
      migrations: runtimeMigrations,
      applicationName: 'teste',
    };
    dataSource = await createDataSource(options).initialize();
    await migrate(dataSource);
    listeners = await startListeners({
      defaultTimeoutMs: 100,
      idempotency: new PostgresIdempotencyStore(dataSource, { leaseMs: LEASE_MS }),
      impl: {
        async gravar({ value }) {
          runs += 1;
          running += 1;
          await delay(LEASE_MS * 4);
          running -= 1;
          return { value: `${value} ${runs}` };
        },
      },
    });
  });

  afterAll(async () => {
    await listeners.close();
    await dataSource.destroy();
    await database.drop();
  });

  it('does not run beside its retry, however long it takes, and the retry gets its answer', async () => {
    const options = {
      ...bearer(await listeners.issuer.token({ sub: 'cli_1' }), { 'idempotency-key': 'chave' }),
      timeoutMs: 100,
    };
    const gravar = () => listeners.grpc.gravar({ value: 'a' }, options);
    expect(await failureOf(gravar())).toMatchObject({ code: 'DeadlineExceeded' });
    await delay(LEASE_MS * 2);
    expect(running).toBe(1);
    expect(await failureOf(gravar())).toMatchObject({ motivo: 'REQUISICAO_EM_ANDAMENTO' });
    await eventually(() => expect(running).toBe(0));
    await eventually(async () => expect(await gravar()).toMatchObject({ value: 'a 1' }));
    expect(runs).toBe(1);
  });
});
