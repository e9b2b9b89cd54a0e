import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import type { SignedEvent } from '@plataforma/testing/providers/signed-events';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { type Instance, logger } from './harness.ts';

/** The HTTP listener of a copy of the service, as providers reach it. */
export interface Porta {
  /** Status and reason of the answer, or all of an answer that is no JSON. */
  post(caminho: string, pedido: SignedEvent): Promise<readonly [number, string | undefined]>;
  close(): Promise<void>;
}

export async function abrirPorta({ services, routes, metrics }: Instance): Promise<Porta> {
  const issuer = await createTestIssuer();
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services });
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, services, routes, interceptors, logger, metrics },
    health: new Health(),
  });
  return {
    async post(caminho, { headers, body, rest }) {
      const fim = rest === '' ? '' : `/${rest}`;
      const url = `http://127.0.0.1:${server.port}/api/v1/webhooks/${caminho}${fim}`;
      const resposta = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
      const texto = await resposta.text();
      const json = resposta.headers.get('content-type')?.startsWith('application/json') === true;
      return [resposta.status, json ? JSON.parse(texto).reason : texto || undefined];
    },
    async close() {
      await server.close();
      await issuer.close();
    },
  };
}
