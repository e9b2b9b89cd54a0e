import { randomUUID } from 'node:crypto';
import { create, toJsonString } from '@bufbuild/protobuf';
import { MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { delay } from '../deadlines/wait.ts';
import { registerOnce } from '../postgres/inbox.ts';
import { inTransaction } from '../postgres/transaction.ts';
import { connectEventBus, type EventBus } from './event-bus.ts';
import { type EventHandler, eventHeaders, on } from './event-message.ts';

const STREAM = 'TESTE';
/** Room for what has to be done in time, however busy the machine is. */
const TIMEOUT_MS = 1_500;
const TOO_LONG_MS = TIMEOUT_MS + 500;

describe('a handler of events that takes too long', () => {
  let nats: NatsServer;
  let database: RuntimeDatabase;
  let dataSource: DataSource;
  let bus: EventBus;

  beforeAll(async () => {
    [nats, database] = await Promise.all([startNats(), createRuntimeDatabase()]);
    ({ dataSource } = database);
    await dataSource.query('create table efeitos (evento text, entrega int)');
    bus = await connectEventBus({ servers: nats.url, name: 'teste', logger: pino({ level: 'silent' }) });
    await bus.ensureStream(STREAM, ['google.protobuf.>']);
  });

  afterAll(async () => {
    await bus.close();
    await Promise.all([database.drop(), nats.stop()]);
  });

  /** Publishes one event for a consumer of its own; answers its id and how to stop. */
  async function handled(handle: EventHandler<typeof MixinSchema>, lingerMs = 10_000) {
    const id = randomUUID();
    const consumer = bus.consume({
      stream: STREAM,
      durable: `c-${id}`,
      filter: 'google.protobuf.>',
      on: [on(MixinSchema, (message, meta) => (meta.id === id ? handle(message, meta) : Promise.resolve()))],
      backoffMs: [50, 50],
      handlerTimeoutMs: TIMEOUT_MS,
      lingerMs,
    });
    const cabecalhos = { id, assunto: MixinSchema.typeName, cabecalhos: {}, criadoEm: new Date() };
    await bus.publish({
      id,
      subject: MixinSchema.typeName,
      payload: toJsonString(MixinSchema, create(MixinSchema)),
      headers: eventHeaders({ ...cabecalhos, agregado: { tipo: 'Teste', id, versao: 1 } }),
    });
    return { id, stop: () => consumer.stop() };
  }

  const efeito = (evento: string, entrega: number) =>
    inTransaction(dataSource, async (sql) => {
      if (!(await registerOnce(sql, 'teste', `${evento} ${entrega}`))) return;
      await sql.query('insert into efeitos values ($1, $2)', [evento, entrega]);
    });

  async function efeitos(evento: string): Promise<number[]> {
    const rows: { entrega: number }[] = await dataSource.query(
      'select entrega from efeitos where evento = $1 order by 1',
      [evento],
    );
    return rows.map(({ entrega }) => entrega);
  }

  it('never runs beside its retry, and has no effect after its time', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const { id, stop } = await handled(async (_, { id: evento, entrega }) => {
      running += 1;
      most = Math.max(most, running);
      try {
        if (entrega === 1) await delay(TOO_LONG_MS);
        await efeito(evento, entrega);
        done += 1;
      } finally {
        running -= 1;
      }
    });
    await eventually(() => expect(done).toBe(1));
    await stop();
    expect([most, await efeitos(id)]).toEqual([1, [2]]);
  });

  it('is not tried again when it ends well after all', async () => {
    let runs = 0;
    const { id, stop } = await handled(async (_, { id: evento, entrega }) => {
      runs += 1;
      await efeito(evento, entrega);
      await delay(TOO_LONG_MS);
    });
    await eventually(async () => expect(await efeitos(id)).toEqual([1]));
    await stop();
    expect(runs).toBe(1);
  });

  it('is given up when it hangs, and stores nothing when it wakes up later', async () => {
    const woken = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    const { id, stop } = await handled(async (_, { id: evento, entrega }) => {
      if (entrega > 1) return efeito(evento, entrega);
      await woken.promise;
      await efeito(evento, entrega).then(late.resolve, late.resolve);
    }, 100);
    await eventually(async () => expect(await efeitos(id)).toEqual([2]));
    woken.resolve();
    expect(await late.promise).toMatchObject({ message: `handler took over ${TIMEOUT_MS} ms` });
    await stop();
    expect(await efeitos(id)).toEqual([2]);
  });

  it('stores nothing of a transaction that was begun in time', async () => {
    const late = Promise.withResolvers<unknown>();
    const { id, stop } = await handled(async (_, { id: evento, entrega }) => {
      if (entrega > 1) return;
      const work = inTransaction(dataSource, async (sql) => {
        await sql.query('insert into efeitos values ($1, $2)', [evento, entrega]);
        await delay(TOO_LONG_MS);
      });
      await work.then(late.resolve, late.resolve);
      await work;
    });
    expect(await late.promise).toMatchObject({ message: `handler took over ${TIMEOUT_MS} ms` });
    await stop();
    expect(await efeitos(id)).toEqual([]);
  });
});
