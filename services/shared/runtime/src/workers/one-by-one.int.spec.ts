import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_AFTER, type WorkQueue } from '@plataforma/domain/work-queue';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import pg from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../postgres/postgres.ts';
import { oneByOne } from './one-by-one.ts';
import { Worker, type WorkerOptions } from './worker.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

const TODOS = 200;
const ENVENENADO = 77;

/** An effect that is refused for one item, and counted for each. */
const ESQUEMA = `
  create table item (id int primary key, feito int not null default 0, falhas int not null default 0,
    tentar_em timestamptz not null default now(), erro text);
  create function recusar() returns trigger language plpgsql as $$ begin
    if new.feito > old.feito and new.id = ${ENVENENADO} and exists (select from veneno) then
      raise exception 'poisoned'; end if;
    return new;
  end $$;
  create table veneno (id int);
  create trigger recusar before update on item for each row execute function recusar()`;

const DEVIDOS = 'select id from item where feito = 0 and tentar_em <= now() order by tentar_em, id limit $1';

const ADIAR = `
  update item set falhas = falhas + 1, erro = $2, tentar_em = now() + interval '1 hour' where id = $1 returning falhas`;

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  const options = { url: database.url, entities: [], migrations: [], applicationName: 'teste' };
  dataSource = await createDataSource(options).initialize();
  await dataSource.query(ESQUEMA);
});

beforeEach(async () => {
  await dataSource.query('truncate item, veneno; insert into veneno values (1)');
  await dataSource.query(`insert into item (id) select generate_series(1, ${TODOS})`);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function adiar(id: number, erro: unknown) {
  const [[row]]: [[{ falhas: number }], number] = await dataSource.query(ADIAR, [id, String(erro)]);
  return { item: String(id), failures: row.falhas };
}

/** Whoever does an item holds its lock, and a batch goes together. */
const porTrava: WorkQueue<number> = {
  due: async (limite) => (await dataSource.query(DEVIDOS, [limite])).map(({ id }: { id: number }) => id),
  together: (limite) =>
    dataSource.transaction(async (tx) => {
      const ids = (await tx.query(`${DEVIDOS} for update skip locked`, [limite])).map(
        ({ id }: { id: number }) => id,
      );
      await tx.query('update item set feito = feito + 1 where id = any($1)', [ids]);
      return ids.length;
    }),
  execute: (id) =>
    dataSource.transaction(async (tx) => {
      const [devido] = await tx.query('select from item where id = $1 and feito = 0 for update skip locked', [
        id,
      ]);
      if (devido) await tx.query('update item set feito = feito + 1 where id = $1', [id]);
    }),
  putOff: adiar,
};

/** Whoever does an item has it until its lease ends. */
const porPosse = (posse = '1 hour'): WorkQueue<number> => ({
  async due(limite) {
    const [rows]: [Array<{ id: number }>, number] = await dataSource.query(
      `update item set tentar_em = now() + $2::interval where id = any(array(${DEVIDOS} for update skip locked))
       returning id`,
      [limite, posse],
    );
    return rows.map(({ id }) => id);
  },
  execute: async (id) =>
    void (await dataSource.query('update item set feito = feito + 1 where id = $1', [id])),
  putOff: adiar,
});

function worker<Item>(queue: WorkQueue<Item>, options: Partial<WorkerOptions> = {}) {
  const log: string[] = [];
  const stream = { write: (line: string) => void log.push(JSON.parse(line).msg) };
  const novo = new Worker({
    ...{ name: 'itens', work: oneByOne(queue), batch: 50, intervalMs: 20 },
    logger: pino({ level: 'info' }, stream),
    metrics: createWorkerMetrics(new Registry()),
    ...options,
  });
  return Object.assign(novo, { log });
}

/** How often the items were done, and how many each. */
async function feitos(): Promise<Record<number, number>> {
  const rows: Array<{ feito: number; n: number }> = await dataSource.query(
    'select feito, count(*)::int as n from item group by feito order by feito',
  );
  return Object.fromEntries(rows.map(({ feito, n }) => [feito, n]));
}

describe.each<[string, WorkQueue<number>]>([
  ['a queue by row locks', porTrava],
  ['a queue by leases', porPosse()],
])('%s', (_, queue) => {
  it('does 199 of 200 in the first round, puts the poisoned one off, and has it dead at last', async () => {
    const itens = worker(queue);
    while (await itens.turn(50));
    expect(await feitos()).toEqual({ 0: 1, 1: TODOS - 1 });
    expect(await dataSource.query('select id, falhas, erro from item where falhas > 0')).toEqual([
      { id: ENVENENADO, falhas: 1, erro: expect.stringContaining('poisoned') },
    ]);
    expect(await itens.turn(50)).toBe(false);
    for (let vez = 2; vez <= DEAD_AFTER + 1; vez++) {
      await dataSource.query('update item set tentar_em = now() where feito = 0');
      await itens.turn(50);
    }
    expect(itens.log).toEqual([
      'item failed and is put off, the others go on',
      'item is dead, somebody has to look why',
    ]);
    // It is tried on, so it is done as soon as that works.
    await dataSource.query('truncate veneno; update item set tentar_em = now() where feito = 0');
    await itens.turn(50);
    expect(await feitos()).toEqual({ 1: TODOS });
  });

  it('is shared by two replicas, each item once', async () => {
    await dataSource.query('truncate veneno');
    const replicas = [worker(queue, { batch: 3, lanes: 2 }), worker(queue, { batch: 3, lanes: 2 })];
    for (const replica of replicas) await replica.start();
    await eventually(async () => expect(await feitos()).toEqual({ 1: TODOS }));
    for (const replica of replicas) await replica.stop();
    expect(await feitos()).toEqual({ 1: TODOS });
  });
});

describe('a worker that is killed in the middle', () => {
  it('leaves by row locks nothing half done: its connection ends, another one does it', async () => {
    await dataSource.query('truncate veneno');
    const barreira = stopAt(/^commit/i);
    const morta = worker({ ...porTrava, due: () => new Promise<number[]>(() => {}) }).turn(50);
    morta.catch(() => {});
    await barreira.reached();
    expect(await feitos()).toEqual({ 0: TODOS });
    await dataSource.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`);
    barreira.open();
    const outra = worker(porTrava);
    while (await outra.turn(50));
    expect(await feitos()).toEqual({ 1: TODOS });
  });

  it('leaves by leases what it had for when they end, and no sooner', async () => {
    await dataSource.query('truncate veneno');
    const queue = porPosse('1 hour');
    const tomados = await queue.due(50);
    expect(tomados).toHaveLength(50);
    const outra = worker(queue);
    while (await outra.turn(50));
    expect(await feitos()).toEqual({ 0: 50, 1: TODOS - 50 });
    await dataSource.query('update item set tentar_em = now() where feito = 0');
    while (await outra.turn(50));
    expect(await feitos()).toEqual({ 1: TODOS });
  });
});

describe('a worker whose database goes away', () => {
  it('puts off nothing, says so once, and goes on when it is back', async () => {
    await dataSource.query('truncate veneno');
    const { pathname } = new URL(database.url);
    const fora = new pg.Client(Object.assign(new URL(database.url), { pathname: '/postgres' }).href);
    await fora.connect();
    const nome = pathname.slice(1);
    await fora.query(`alter database ${nome} allow_connections false`);
    await fora.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [nome]);
    const itens = worker(porPosse());
    await itens.start();
    await eventually(() => expect(itens.log).toEqual(['cannot work now, trying on']));
    await fora.query(`alter database ${nome} allow_connections true`);
    await fora.end();
    await eventually(async () => expect(await feitos()).toEqual({ 1: TODOS }));
    await itens.stop();
    expect(itens.log).toEqual(['cannot work now, trying on', 'works again']);
    expect(await dataSource.query('select from item where falhas > 0')).toEqual([]);
  });
});

describe('a worker that is stopped', () => {
  it('finishes the items in hand and takes no more', async () => {
    await dataSource.query('truncate veneno');
    const itens = worker(porTrava, { batch: 7 });
    const barreira = stopAt(/^update item/);
    await itens.start();
    await barreira.reached();
    const parado = itens.stop();
    barreira.open();
    await parado;
    expect(await feitos()).toEqual({ 0: TODOS - 7, 1: 7 });
  });
});

describe('the gauges of a queue', () => {
  it('tell age, items put off and dead ones, and are left out while the database is away', async () => {
    const registry = new Registry();
    const metrics = createWorkerMetrics(registry);
    let away = false;
    metrics.watch('itens', async () => {
      if (away) throw new Error('no database');
      return { dueSince: new Date(Date.now() - 60_000), putOff: 2, dead: 1 };
    });
    metrics.watch('vazio', async () => ({ dueSince: undefined, putOff: 0, dead: 0 }));
    const text = await registry.metrics();
    expect(text).toMatch(/worker_idade_segundos\{worker="itens"\} 60/);
    expect(text).toContain('worker_idade_segundos{worker="vazio"} 0');
    expect(text).toContain('worker_adiados{worker="itens"} 2');
    expect(text).toContain('worker_mortos{worker="itens"} 1');
    expect(text).toContain('worker_falhas_total{worker="vazio"} 0');
    away = true;
    await expect(registry.getSingleMetricAsString('worker_mortos')).rejects.toThrow('no database');
  });
});
