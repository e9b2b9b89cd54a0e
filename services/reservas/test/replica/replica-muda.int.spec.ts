import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics, type Metrics } from '@plataforma/runtime/metrics';
import { createDataSource } from '@plataforma/runtime/postgres';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import { Leituras, PRAZO_DA_REPLICA_MS } from '../../src/replica/leituras.ts';

const PRIMARIO = { por: 'primário' };
const POSICAO = { posicao: '0/1' };

/** Reads over a replica that is somewhere; the primary says who has answered. */
function leiturasDe(
  replica: string,
  maior: () => Promise<string | undefined> = async () => undefined,
  metrics: Metrics = createMetrics('spec'),
): Leituras {
  return new Leituras({
    primario: { query: async <T>(sql: string) => [/pg_current_wal/.test(sql) ? POSICAO : PRIMARIO] as T },
    replica: createDataSource({ url: replica, entities: [], migrations: [], applicationName: 'spec' }),
    marcas: { maior },
    logger: createLogger({ service: 'spec', level: 'silent' }),
    metrics,
    resetMs: 600_000,
  });
}

const QUEM = `select 'réplica' as por`;

describe('a replica that does not answer', () => {
  const conexoes = new Set<Socket>();
  let mudo: Server;

  /** Takes connections and never says a word, as a host behind a broken network does. */
  beforeAll(async () => {
    mudo = createServer((conexao) => conexoes.add(conexao));
    await new Promise<void>((resolve) => {
      mudo.listen(0, '127.0.0.1', resolve);
    });
  });

  afterAll(() => {
    for (const conexao of conexoes) conexao.destroy();
    mudo.close();
  });

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is waited for three times, two seconds each at most, and then not at all', async () => {
    const { port } = mudo.address() as AddressInfo;
    const leituras = leiturasDe(`postgres://postgres:x@127.0.0.1:${port}/reservas`);
    const respostas: unknown[] = [];
    const passar = (ms: number) => jest.advanceTimersByTimeAsync(ms);
    const ler = () => void leituras.query(QUEM).then((resposta) => respostas.push(resposta));
    ler();
    await passar(PRAZO_DA_REPLICA_MS - 1);
    expect(respostas).toHaveLength(0);
    await passar(1);
    expect(respostas).toHaveLength(1);
    for (const vez of [2, 3]) {
      ler();
      await passar(PRAZO_DA_REPLICA_MS);
      expect(respostas).toHaveLength(vez);
    }
    for (let vez = 0; vez < 100; vez += 1) ler();
    await passar(0);
    expect(respostas).toEqual(Array(103).fill([PRIMARIO]));
    await leituras.close();
  });
});

describe('a replica that was made a primary', () => {
  it('is not asked by who has to see a change, for it replays nothing any more', async () => {
    const database = await createTestDatabase();
    const comMarca = leiturasDe(database.url, async () => '0/1');
    const semMarca = leiturasDe(database.url);
    try {
      expect(await comMarca.query(QUEM)).toEqual([PRIMARIO]);
      expect(await semMarca.query(QUEM)).toEqual([{ por: 'réplica' }]);
    } finally {
      await Promise.all([comMarca.close(), semMarca.close()]);
      await database.drop();
    }
  });

  it('is not told to be level with the primary', async () => {
    const database = await createTestDatabase();
    const metrics = createMetrics('spec');
    const leituras = leiturasDe(database.url, undefined, metrics);
    try {
      const atraso = await metrics.registry.getSingleMetric('reservas_replica_atraso_bytes')?.get();
      expect(atraso?.values.map(({ value }) => value)).toEqual([Number.NaN]);
    } finally {
      await leituras.close();
      await database.drop();
    }
  });
});

describe('a replica', () => {
  let database: TestDatabase;
  let leituras: Leituras | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterEach(() => leituras?.close());

  afterAll(() => database.drop());

  it('is not asked while nobody knows how far it has to have come', async () => {
    leituras = leiturasDe(database.url, () => Promise.reject(new Error('Redis is away')));
    expect(await leituras.query(QUEM)).toEqual([PRIMARIO]);
  });

  it('is asked however often a read is wrong: the primary says the same', async () => {
    leituras = leiturasDe(database.url);
    for (const _ of [1, 2, 3, 4])
      expect(await leituras.query('select * from nenhuma_tabela')).toEqual([PRIMARIO]);
    expect(await leituras.query(QUEM)).toEqual([{ por: 'réplica' }]);
  });

  it('is asked once it is there, although it was away at the first read', async () => {
    const { hostname, port, pathname, username, password } = new URL(database.url);
    let fora = true;
    const conexoes = new Set<Socket>();
    const porta = createServer((cliente) => {
      if (fora) return void cliente.destroy();
      const servidor = connect(Number(port), hostname);
      for (const ponta of [cliente, servidor]) conexoes.add(ponta.on('error', () => {}));
      cliente.pipe(servidor).pipe(cliente);
    });
    await new Promise<void>((resolve) => {
      porta.listen(0, '127.0.0.1', resolve);
    });
    try {
      const endereco = `127.0.0.1:${(porta.address() as AddressInfo).port}`;
      leituras = leiturasDe(`postgres://${username}:${password}@${endereco}${pathname}`);
      expect(await leituras.query(QUEM)).toEqual([PRIMARIO]);
      fora = false;
      expect(await leituras.query(QUEM)).toEqual([{ por: 'réplica' }]);
      await leituras.close();
    } finally {
      for (const conexao of conexoes) conexao.destroy();
      porta.close();
    }
  });
});
