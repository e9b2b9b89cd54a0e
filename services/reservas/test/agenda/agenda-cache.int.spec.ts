import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createRedis } from '@plataforma/runtime/redis';
import { eventually } from '@plataforma/testing/eventually';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import type { AgendaOcupada, Agendas } from '../../src/agenda/application/ports.ts';
import { AgendasEmCache } from '../../src/agenda/infrastructure/agendas-em-cache.ts';
import { dentroDe } from '../../src/agenda/infrastructure/semanas.ts';
import { between, NOW, newId } from '../reservas-fixture.ts';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

beforeEach(() => {
  redis = createRedis(server.url);
});

afterEach(() => redis.disconnect());

const DE = new Date('2026-06-10T00:00:00Z');
const ATE = new Date('2026-06-11T00:00:00Z');

/** One hour after the other, from the beginning of the day. */
function horas(quantas: number) {
  return Array.from({ length: quantas }, (_, n) => {
    const inicio = new Date(DE.getTime() + n * 3_600_000);
    const fim = new Date(inicio.getTime() + 3_600_000);
    return { periodo: between(inicio.toISOString(), fim.toISOString()), folgaMinutos: 15 };
  });
}

/** Answers with one more reservation each time it is asked, so a cached answer can be told from a new one. */
class Origem implements Agendas {
  consulta = 0;
  antes: () => Promise<void> = async () => {};

  async entre(espacoId: string): Promise<AgendaOcupada> {
    this.consulta += 1;
    const periodo = between('2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z');
    const ocupacoes = horas(this.consulta);
    const fechamento = {
      id: 'fec_1',
      espacoId,
      periodo,
      anual: true,
      motivo: 'festa',
      criadoEm: new Date(NOW),
    };
    await this.antes();
    return { ocupacoes, fechamentos: [fechamento] };
  }
}

function cacheDe(origem: Agendas, cliente = redis) {
  const metrics = createMetrics('reservas');
  const cache = new AgendasEmCache({ origem, redis: cliente, metrics });
  const contador = async (resultado: string) => {
    const metric = await metrics.registry.getSingleMetric('reservas_agenda_cache_total')?.get();
    return metric?.values.find(({ labels }) => labels.resultado === resultado)?.value ?? 0;
  };
  return { cache, contador };
}

describe('cached agendas', () => {
  it('are the same as those of the source, and spare it', async () => {
    const origem = new Origem();
    const { cache, contador } = cacheDe(origem);
    const espacoId = newId('esp');
    const primeira = await cache.entre(espacoId, DE, ATE);
    expect(await cache.entre(espacoId, DE, ATE)).toEqual(primeira);
    expect(primeira.ocupacoes).toHaveLength(1);
    expect([await contador('falta'), await contador('acerto'), await contador('erro')]).toEqual([1, 1, 0]);
    // Another question about the same week.
    await cache.entre(espacoId, DE, new Date(ATE.getTime() - 1));
    expect(origem.consulta).toBe(1);
    await cache.entre(espacoId, DE, new Date('2026-06-20T00:00:00Z'));
    await cache.entre(newId('esp'), DE, ATE);
    expect(origem.consulta).toBe(3);
  });

  it('live for at most a minute', async () => {
    const espacoId = newId('esp');
    await cacheDe(new Origem()).cache.entre(espacoId, DE, ATE);
    const chaves = await redis.keys('reservas:agenda:[0-9]*');
    const validade = Math.max(...(await Promise.all(chaves.map((chave) => redis.ttl(chave)))));
    expect(validade).toBeGreaterThan(0);
    expect(validade).toBeLessThanOrEqual(60);
  });

  it('are forgotten in all replicas when the space changes, and only of that space', async () => {
    const origem = new Origem();
    const [um, outro] = [cacheDe(origem).cache, cacheDe(origem).cache];
    const [espacoId, vizinho] = [newId('esp'), newId('esp')];
    await um.entre(espacoId, DE, ATE);
    await um.entre(vizinho, DE, ATE);
    await outro.invalidar([espacoId]);
    expect((await um.entre(espacoId, DE, ATE)).ocupacoes).toHaveLength(3);
    expect((await outro.entre(vizinho, DE, ATE)).ocupacoes).toHaveLength(2);
  });

  it('are not kept when the space changed while they were read', async () => {
    const origem = new Origem();
    const { cache } = cacheDe(origem);
    const espacoId = newId('esp');
    origem.antes = () => cache.invalidar([espacoId]);
    await cache.entre(espacoId, DE, ATE);
    origem.antes = async () => {};
    expect((await cache.entre(espacoId, DE, ATE)).ocupacoes).toHaveLength(2);
  });

  it('come from the source while Redis is gone', async () => {
    const espacoId = newId('esp');
    const passageiro = await startRedis();
    const cliente = createRedis(passageiro.url);
    const origem = new Origem();
    const { cache, contador } = cacheDe(origem, cliente);
    try {
      await cache.entre(espacoId, DE, ATE);
      await passageiro.stop();
      await eventually(async () => {
        await cache.entre(espacoId, DE, ATE);
        expect(await contador('erro')).toBeGreaterThan(0);
      });
      const antes = origem.consulta;
      expect((await cache.entre(espacoId, DE, ATE)).ocupacoes).toHaveLength(antes + 1);
      await expect(cache.invalidar([espacoId])).resolves.toBeUndefined();
    } finally {
      cliente.disconnect();
    }
  });

  it('do not wait for a Redis that hangs', async () => {
    const pendurado = {
      mget: () => new Promise<string[]>(() => {}),
      set: redis.set.bind(redis),
    };
    const origem = new Origem();
    const cache = new AgendasEmCache({
      origem,
      redis: pendurado as unknown as Redis,
      metrics: createMetrics('reservas'),
    });
    expect((await cache.entre(newId('esp'), DE, ATE)).ocupacoes).toHaveLength(1);
  });

  it('take a bounded part of Redis, whatever is asked for', async () => {
    const vazia: Agendas = { entre: async () => ({ ocupacoes: [], fechamentos: [] }) };
    const { cache } = cacheDe(vazia);
    const espacoId = newId('esp');
    await redis.flushdb();
    for (let ms = 0; ms < 500; ms += 1)
      await cache.entre(espacoId, new Date(DE.getTime() + ms), new Date(ATE.getTime() - ms));
    await eventually(async () => expect(await redis.dbsize()).toBe(1));
    const lotes = Array.from({ length: 200 }, (_, n) => n);
    for (const lote of lotes)
      await Promise.all(Array.from({ length: 100 }, (_, n) => cache.entre(`esp_${lote}x${n}`, DE, ATE)));
    const espacos = Array.from({ length: 9_000 }, (_, n) => `esp_m${n}`);
    await cache.invalidar(espacos);
    expect(await redis.dbsize()).toBeLessThanOrEqual(2 * 4_096);
  });

  it('outlive no generation, and no generation lasts for ever', async () => {
    const { cache } = cacheDe(new Origem());
    await cache.invalidar([newId('esp')]);
    const [geracao = ''] = await redis.keys('reservas:agenda:geracao:*');
    const resta = await redis.ttl(geracao);
    expect(resta).toBeGreaterThan(60);
    expect(resta).toBeLessThanOrEqual(24 * 3600);
  });

  it('are not kept of more than six weeks at once', async () => {
    const origem = new Origem();
    const { cache } = cacheDe(origem);
    await redis.flushdb();
    const depois = (dias: number) => new Date(DE.getTime() + dias * 24 * 3_600_000);
    await cache.entre(newId('esp'), DE, depois(7 * 6));
    expect([origem.consulta, await redis.dbsize()]).toEqual([1, 0]);
  });

  it('are not kept when they are large', async () => {
    let consulta = 0;
    const cheia: Agendas = {
      async entre() {
        consulta += 1;
        return { ocupacoes: muitas(), fechamentos: [] };
      },
    };
    const { cache } = cacheDe(cheia);
    const espacoId = newId('esp');
    const primeira = await cache.entre(espacoId, DE, ATE);
    expect(await cache.entre(espacoId, DE, ATE)).toEqual(primeira);
    expect(consulta).toBe(1);
    const semana = new Date('2026-06-18T00:00:00Z');
    await cache.entre(espacoId, ATE, semana);
    await cache.entre(espacoId, ATE, semana);
    expect(consulta).toBe(3);
  });

  it('include what is so near that its buffer may reach into them, be it of another week', async () => {
    const minuto = 60_000;
    const de = (inicio: number) => ({
      periodo: between(new Date(inicio).toISOString(), new Date(inicio + minuto).toISOString()),
      folgaMinutos: 240,
    });
    const [antes, depois] = [de(DE.getTime() - 240 * minuto), de(ATE.getTime() + 239 * minuto)];
    const longe = [de(DE.getTime() - 241 * minuto), de(ATE.getTime() + 240 * minuto)];
    const { cache } = cacheDe({
      entre: async () => ({ ocupacoes: [antes, depois, ...longe], fechamentos: [] }),
    });
    const espacoId = newId('esp');
    for (const _ of ['of the source', 'of the cache'])
      expect((await cache.entre(espacoId, DE, ATE)).ocupacoes).toEqual([antes, depois]);
  });

  it('are the same by the week as in one piece', async () => {
    const todas = { ocupacoes: horas(40 * 24).filter((_, n) => n % 3 === 0), fechamentos: [] };
    const inteira: Agendas = { entre: async (_, de, ate) => dentroDe(todas, de, ate) };
    const { cache, contador } = cacheDe(inteira);
    const espacoId = newId('esp');
    const fim = new Date(DE.getTime() + 31 * 24 * 3_600_000);
    await cache.entre(espacoId, DE, fim);
    expect(await cache.entre(espacoId, DE, fim)).toEqual(dentroDe(todas, DE, fim));
    expect(await contador('acerto')).toBe(1);
  });
});

/** Two hours, then a week of reservations of twenty minutes: more than is kept. */
function muitas() {
  const cedo = horas(2);
  const curtas = Array.from({ length: 500 }, (_, n) => {
    const inicio = new Date(ATE.getTime() + n * 1_200_000);
    const fim = new Date(inicio.getTime() + 1_200_000);
    return { periodo: between(inicio.toISOString(), fim.toISOString()), folgaMinutos: 0 };
  });
  return [...cedo, ...curtas];
}
