import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { doneOrBlocked } from '@plataforma/testing/barrier';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { underKey } from './call-key.ts';
import { purgeRuntimeTables } from './runtime-purge.ts';
import { PostgresUnitOfWork } from './unit-of-work.ts';

describe('purgeRuntimeTables', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;
  let purger: pg.Client;

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
    purger = new pg.Client(database.url);
    await purger.connect();
  });

  beforeEach(() => dataSource.query('truncate outbox, inbox, idempotencia'));

  afterAll(async () => {
    await purger.end();
    await database.drop();
  });

  it('keeps sent events for a week, what was handled for 120 days, and what was not sent for ever', async () => {
    await dataSource.query(
      `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload, criado_em, enviado_em)
       select gen_random_uuid(), 't', coalesce(n::text, 'nunca'), 1, 's', '{}', now() - interval '1 year', now() - n * interval '1 day'
       from unnest(array[6, 8, null]) n`,
    );
    await dataSource.query(
      `insert into inbox select 'c', n::text, now() - n * interval '1 day' from unnest(array[119, 121]) n`,
    );
    expect(await purgeRuntimeTables(purger)).toEqual({ deleted: 2, more: false });
    expect(await dataSource.query('select mensagem_id from inbox')).toEqual([{ mensagem_id: '119' }]);
    expect(await dataSource.query('select agregado_id from outbox order by 1')).toEqual([
      { agregado_id: '6' },
      { agregado_id: 'nunca' },
    ]);
  });

  it('spares a key that a new call takes over while it is about to be deleted', async () => {
    const key = { escopo: 'usr_1', chave: 'a', metodo: 'm', impressao: Buffer.from('corpo') };
    const uow = new PostgresUnitOfWork(dataSource, () => ({}));
    await underKey(key, () => uow.run((tx) => tx.claimKey('esp_1')));
    await dataSource.query(`update idempotencia set expira_em = now() - interval '1 second'`);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`update idempotencia set expira_em = now() + interval '1 day'`);
    const purged = purgeRuntimeTables(purger);
    expect(await doneOrBlocked(dataSource, purged)).toBe('blocked');
    await runner.commitTransaction();
    await runner.release();
    expect(await purged).toEqual({ deleted: 0, more: false });
    expect(await dataSource.query('select chave from idempotencia')).toEqual([{ chave: 'a' }]);
  });
});
