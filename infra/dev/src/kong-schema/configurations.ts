import { generateKeyPairSync } from 'node:crypto';
import { readKongFiles } from '../../../kong/kong-files.ts';
import { defaultUpstreams, type KongRenderOptions, renderKongConfig } from '../../../kong/render.ts';
import { fixtureConfig } from '../edge/conformance/fixture-config.ts';

/** A whole configuration as Kong would be given it. */
interface Rendered {
  readonly name: string;
  readonly text: string;
}

/**
 * Every configuration of this project, filled in: what is deployed, in both ways to count limits and with the page about
 * the API, and the suite's.
 */
export function renderedConfigurations(): readonly Rendered[] {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'chave-1' };
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const deployed = (changes: Partial<KongRenderOptions> = {}): string =>
    renderKongConfig({
      ...readKongFiles(),
      jwks: { keys: [jwk] },
      upstreams: defaultUpstreams((servico) => servico),
      rateLimit: { policy: 'local' },
      ...changes,
    });
  return [
    { name: 'kong.yml', text: deployed() },
    {
      name: 'kong.yml with limits counted in Redis',
      text: deployed({ rateLimit: { policy: 'redis', host: 'redis-kong', port: 6379 } }),
    },
    {
      name: 'kong.yml with the page about the API',
      text: deployed({ docs: 'docs:8085' }),
    },
    {
      name: 'the configuration of the conformance suite',
      text: fixtureConfig({
        host: '127.0.0.1',
        ports: { grpc: 50_051, http: 8081, closed: 9 },
        keys: [{ kid: 'chave-1', publicKeyPem: pem }],
        version: '1',
      }),
    },
  ];
}
