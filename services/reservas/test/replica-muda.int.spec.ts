import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createDataSource } from '@plataforma/runtime/postgres';
import { Leituras, PRAZO_DA_REPLICA_MS } from '../src/infrastructure/replica/leituras.ts';

let mudo: Server;
const conexoes = new Set<Socket>();

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

describe('a replica that does not answer', () => {
  it('is waited for a few times, and then not at all', async () => {
    const { port } = mudo.address() as AddressInfo;
    const url = `postgres://postgres:x@127.0.0.1:${port}/reservas`;
    const leituras = new Leituras({
      primario: { query: async <T>() => 'do primário' as T },
      replica: createDataSource({ url, entities: [], migrations: [], applicationName: 'spec' }),
      marcas: { maior: async () => undefined },
      logger: createLogger({ service: 'spec', level: 'silent' }),
      metrics: createMetrics('spec'),
      resetMs: 600_000,
    });
    const esperar = async (leiturasSeguidas: number) => {
      const inicio = performance.now();
      for (let vez = 0; vez < leiturasSeguidas; vez += 1)
        expect(await leituras.query('select 1')).toBe('do primário');
      return performance.now() - inicio;
    };
    expect(await esperar(1)).toBeGreaterThan(PRAZO_DA_REPLICA_MS - 50);
    await esperar(2);
    expect(await esperar(100)).toBeLessThan(PRAZO_DA_REPLICA_MS);
    await leituras.close();
  });
});
