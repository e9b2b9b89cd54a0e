import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { startListeners } from '../../test/listeners.ts';

describe('closing the HTTP listener', () => {
  it('lets a request in flight finish, closes kept-alive connections and refuses new ones', async () => {
    let release: () => void = () => undefined;
    const started = Promise.withResolvers<void>();
    const listeners = await startListeners({
      impl: {
        async ler({ value }) {
          started.resolve();
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return { value };
        },
      },
    });
    const inFlight = keptAlivePost(listeners.httpPort, '/teste.v1.EcoService/Ler', '"devagar"');
    await started.promise;
    const startedAt = performance.now();
    const closed = listeners.closeHttp();
    expect(listeners.health.isServing()).toBe(false);
    release();
    expect(await inFlight).toBe('"devagar"');
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await expect(fetch(`http://127.0.0.1:${listeners.httpPort}/healthz`)).rejects.toThrow();
    listeners.grpc.close();
    await Promise.all([listeners.closeGrpc(), listeners.issuer.close()]);
  });
});

/** Asks for the connection to stay open, as proxies do. */
function keptAlivePost(port: number, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', connection: 'keep-alive' };
    const req = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, async (res) => {
      resolve(Buffer.concat(await res.toArray()).toString());
    });
    req.on('error', reject);
    req.end(body);
  });
}
