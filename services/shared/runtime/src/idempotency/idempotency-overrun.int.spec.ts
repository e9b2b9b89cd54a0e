import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { delay } from '../deadlines/wait.ts';
import { runtimeMigrations } from '../migrations/runtime-migrations.ts';
import { createDataSource, migrate } from '../postgres/postgres.ts';
import { PostgresIdempotencyStore } from './idempotency-store.ts';

/** Renewed three times in its time: none of them may be late on a busy machine. */
const LEASE_MS = 1_500;

describe('a call with an Idempotency-Key whose handler runs on past its deadline', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let listeners: Listeners;
  const ended = Promise.withResolvers<void>();
  let runs = 0;

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
      idempotency: new PostgresIdempotencyStore(dataSource, { leaseMs: LEASE_MS }),
      impl: {
        async gravar({ value }) {
          if (value !== 'demora') return { value };
          runs += 1;
          await ended.promise;
          return { value: `${value} ${runs}` };
        },
      },
    });
  });

  beforeAll(async () => {
    // Connections and keys are there when the time of the call begins.
    const options = bearer(await listeners.issuer.token({ sub: 'cli_1' }), { 'idempotency-key': 'antes' });
    await listeners.grpc.gravar({ value: 'antes' }, options);
  });

  afterAll(async () => {
    await listeners.close();
    await dataSource.destroy();
    await database.drop();
  });

  it('does not run beside its retry, however long it takes, and the retry gets its answer', async () => {
    const options = bearer(await listeners.issuer.token({ sub: 'cli_1' }), { 'idempotency-key': 'chave' });
    const gravar = (timeoutMs: number) =>
      listeners.grpc.gravar({ value: 'demora' }, { ...options, timeoutMs });
    expect(await failureOf(gravar(1_000))).toMatchObject({ code: 'DeadlineExceeded' });
    await delay(LEASE_MS * 2);
    expect(await failureOf(gravar(5_000))).toMatchObject({ motivo: 'REQUISICAO_EM_ANDAMENTO' });
    expect(runs).toBe(1);
    ended.resolve();
    await eventually(async () => expect(await gravar(5_000)).toMatchObject({ value: 'demora 1' }));
    expect(runs).toBe(1);
  });
});
