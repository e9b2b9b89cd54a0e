import { AsyncLocalStorage } from 'node:async_hooks';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stopAt } from '@plataforma/testing/barrier';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { runtimeMigrations } from '../migrations/runtime-migrations.ts';
import { createDataSource, migrate } from '../postgres/postgres.ts';
import { type IdempotencyBegin, PostgresIdempotencyStore } from './idempotency-store.ts';
import { asAttempt, noteEffect } from './idempotent-effect.ts';
import { ReplySeal } from './reply-seal.ts';

const LEASE_OVER = `update idempotencia set posse_ate = now() - interval '1 second' where chave = $1`;
const EXPIRED = `update idempotencia set expira_em = now() - interval '1 second' where chave = $1`;

describe('PostgresIdempotencyStore', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: PostgresIdempotencyStore;

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
    store = new PostgresIdempotencyStore(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const request = (chave: string, body = 'corpo', escopo = 'usr_1') => ({
    escopo,
    chave,
    metodo: 'CriarReserva',
    impressao: Buffer.from(body),
  });
  const reply = { resposta: Buffer.from([1, 2, 3]) };

  function leaseOf(begun: IdempotencyBegin, chave: string) {
    if (begun.kind !== 'new') throw new Error(`expected a new attempt, got ${begun.kind}`);
    return { escopo: 'usr_1', chave, posse: begun.posse };
  }

  const start = async (chave: string) => leaseOf(await store.begin(request(chave)), chave);

  it('keeps an answer so that the database alone does not tell it', async () => {
    const sealing = new PostgresIdempotencyStore(dataSource, {
      seal: new ReplySeal([Buffer.alloc(32, 7)], 'teste'),
    });
    const begun = await sealing.begin(request('selada'));
    if (begun.kind !== 'new') throw new Error(begun.kind);
    const resposta = Buffer.from('endereço secreto');
    await sealing.finish({ ...request('selada'), posse: begun.posse }, { resposta });
    const rows = await dataSource.query('select resposta from idempotencia where chave = $1', ['selada']);
    expect(String(rows[0].resposta)).not.toContain('secreto');
    expect(await sealing.begin(request('selada'))).toEqual({ kind: 'replay', resposta });
  });

  it('replays the stored answer when the same request comes again', async () => {
    await store.finish(await start('a'), reply);
    const again = await store.begin(request('a'));
    expect(again).toEqual({ kind: 'replay', resposta: expect.any(Buffer) });
    expect(again.kind === 'replay' && [...again.resposta]).toEqual([1, 2, 3]);
  });

  it('answers conflict when the key is used for something else', async () => {
    await store.begin(request('b'));
    expect(await store.begin(request('b', 'outro'))).toEqual({ kind: 'conflict' });
  });

  it('keeps callers apart when they use the same key', async () => {
    await store.begin(request('c'));
    expect(await store.begin(request('c', 'corpo', 'usr_2'))).toMatchObject({ kind: 'new' });
  });

  it('lets exactly one attempt run when many come at the same time', async () => {
    const kinds = (await Promise.all(Array.from({ length: 20 }, () => store.begin(request('d'))))).map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === 'new')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'in-progress')).toHaveLength(19);
  });

  it('frees the key when the attempt is abandoned', async () => {
    await store.abandon(await start('e'));
    expect(await store.begin(request('e'))).toMatchObject({ kind: 'new' });
  });

  it('lets another attempt take over when the lease ran out, and fences the first one', async () => {
    const first = await start('f');
    await dataSource.query(LEASE_OVER, ['f']);
    const second = await start('f');
    await store.finish(first, { resposta: Buffer.from([9]) });
    await store.abandon(first);
    expect(await store.begin(request('f'))).toEqual({ kind: 'in-progress' });
    await dataSource.query(LEASE_OVER, ['f']);
    await store.renew(first);
    const third = await start('f');
    await store.finish(second, { resposta: Buffer.from([9]) });
    await store.finish(third, reply);
    expect(await store.begin(request('f'))).toEqual({
      kind: 'replay',
      resposta: Buffer.from(reply.resposta),
    });
  });

  it('gives an attempt more time when it is renewed', async () => {
    const first = await start('n');
    await dataSource.query(LEASE_OVER, ['n']);
    await store.renew(first);
    expect(await store.begin(request('n'))).toEqual({ kind: 'in-progress' });
  });

  it('tells the attempt that takes over what the lost one has done, and keeps that when it is abandoned', async () => {
    const first = await start('i');
    await asAttempt(first, () => dataSource.transaction((manager) => noteEffect(manager, 'esp_1')));
    await dataSource.query(LEASE_OVER, ['i']);
    const second = await store.begin(request('i'));
    expect(second).toMatchObject({ kind: 'new', feito: 'esp_1' });
    await store.abandon(leaseOf(second, 'i'));
    expect(await store.begin(request('i'))).toMatchObject({ kind: 'new', feito: 'esp_1' });
  });

  it('forgets what was done when the transaction of the effect was rolled back, or the key has expired', async () => {
    const first = await start('j');
    const effect = dataSource.transaction(async (manager) => {
      await noteEffect(manager, 'esp_1');
      throw new Error('rolled back');
    });
    await expect(asAttempt(first, () => effect)).rejects.toThrow('rolled back');
    await dataSource.query(LEASE_OVER, ['j']);
    const second = await store.begin(request('j'));
    expect(second).toEqual({ kind: 'new', posse: expect.any(String) });
    await asAttempt(leaseOf(second, 'j'), () => dataSource.transaction((tx) => noteEffect(tx, 'esp_2')));
    await dataSource.query(EXPIRED, ['j']);
    expect(await store.begin(request('j'))).toEqual({ kind: 'new', posse: expect.any(String) });
  });

  it('lets no attempt commit an effect whose lease another one has taken over', async () => {
    const first = await start('k');
    await dataSource.query(LEASE_OVER, ['k']);
    await start('k');
    const effect = asAttempt(first, () => dataSource.transaction((manager) => noteEffect(manager, 'esp_1')));
    await expect(effect).rejects.toMatchObject({ code: Code.Aborted });
  });

  it('leaves alone what is done without a key, or by work that outlives its call', async () => {
    const first = await start('l');
    let late: () => Promise<void> = async () => {};
    await asAttempt(first, async () => {
      late = AsyncLocalStorage.bind(() => dataSource.transaction((manager) => noteEffect(manager, 'esp_1')));
    });
    await store.finish(first, reply);
    await late();
    await dataSource.transaction((manager) => noteEffect(manager, 'esp_1'));
    expect(await store.begin(request('l'))).toMatchObject({ kind: 'replay' });
  });

  it('still answers conflict to another body when the lease ran out', async () => {
    await store.begin(request('g'));
    await dataSource.query(LEASE_OVER, ['g']);
    expect(await store.begin(request('g', 'outro'))).toEqual({ kind: 'conflict' });
  });

  it('forgets the answer when it has expired', async () => {
    await store.finish(await start('h'), reply);
    await dataSource.query(EXPIRED, ['h']);
    expect(await store.begin(request('h', 'outro'))).toMatchObject({ kind: 'new' });
  });

  it('forgets a refusal that an earlier release has stored, also for another body', async () => {
    for (const body of ['corpo', 'outro']) {
      await store.finish(await start('m'), reply);
      await dataSource.query(`update idempotencia set codigo = 7 where chave = 'm'`);
      const again = await store.begin(request('m', body));
      expect(again).toEqual({ kind: 'new', posse: expect.any(String) });
      await store.abandon(leaseOf(again, 'm'));
    }
  });

  it('takes no such refusal for an answer when it comes between the claim and the look at the row', async () => {
    const first = await start('o');
    const barrier = stopAt(/^select impressao/);
    const second = store.begin(request('o'));
    await barrier.reached();
    await store.finish(first, reply);
    await dataSource.query(`update idempotencia set codigo = 7 where chave = 'o'`);
    barrier.open();
    expect(await second).toEqual({ kind: 'in-progress' });
  });
});
