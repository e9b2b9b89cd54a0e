import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { JWKS } from '../../contrato/presentation/acesso.ts';
import type { PublicKeys } from '../application/ports.ts';

/** Where the edge and the services find the public keys (RFC 7517). Cached no longer than the services do: a key that is taken back has to go at once. */
export function jwksRoute(keys: PublicKeys): HttpRoute {
  return {
    ...JWKS,
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=5' },
      body: JSON.stringify(await keys.publicKeys()),
    }),
  };
}
