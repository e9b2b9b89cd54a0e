import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseKongConfig } from './kong-config.ts';

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();

interface Parts {
  readonly top?: string;
  readonly service?: string;
  readonly url?: string;
  readonly route?: string;
  readonly strip?: string;
  readonly paths?: string;
  readonly algorithm?: string;
}

function kongYml({ top = '', service = '', url = 'http://127.0.0.1:8080', ...parts }: Parts = {}): string {
  const { route = '', strip = 'strip_path: false', paths = 'paths: [/a]', algorithm = 'RS256' } = parts;
  return `_format_version: "3.0"
${top}
consumers:
  - username: auth
    jwt_secrets: [{ key: k1, algorithm: ${algorithm}, rsa_public_key: ${JSON.stringify(PEM)} }]
services:
  - name: eco
    url: ${url}
    ${service}
    routes:
      - { name: eco, protocols: [http], ${strip}, ${paths} ${route} }
`;
}

describe('parseKongConfig', () => {
  it("fills in Kong's defaults", () => {
    const { routes, jwtSecrets } = parseKongConfig(kongYml());
    expect(routes).toMatchObject([
      {
        ...{ name: 'eco', isGrpc: false, paths: ['/a'], methods: [], regexPriority: 0, plugins: [] },
        service: {
          ...{ name: 'eco', protocol: 'http', host: '127.0.0.1', port: 8080 },
          ...{ retries: 5, connectTimeoutMs: 60_000, readTimeoutMs: 60_000 },
        },
      },
    ]);
    expect(jwtSecrets).toEqual([{ consumer: 'auth', key: 'k1', algorithm: 'RS256', publicKeyPem: PEM }]);
  });

  it('takes the nearest instance of a plugin: of the route, then of the service, then of the node', () => {
    const plugin = (max: number) =>
      `plugins: [{ name: request-size-limiting, config: { allowed_payload_size: ${max} } }]`;
    const configs = (parts: Parts) =>
      parseKongConfig(kongYml(parts)).routes[0]?.plugins.map(({ config, scope }) => [
        config.allowed_payload_size,
        scope,
      ]);
    const [top, service, route] = [plugin(1), plugin(2), `, ${plugin(3)}`];
    expect(configs({ top })).toEqual([[1, 'global']]);
    expect(configs({ top, service })).toEqual([[2, 'service eco']]);
    expect(configs({ top, service, route })).toEqual([[3, 'route eco']]);
  });

  it('tells services apart by all their settings', () => {
    const id = (parts: Parts) => parseKongConfig(kongYml(parts)).routes[0]?.service.id;
    expect(id({})).toBe(id({ paths: 'paths: [/b]' }));
    for (const service of ['retries: 1', 'read_timeout: 1', 'connect_timeout: 1'])
      expect(id({ service })).not.toBe(id({}));
  });

  it.each<[string, Parts, string]>([
    ['paths that are cut off', { strip: 'strip_path: true' }, 'only "strip_path: false"'],
    [
      'paths that are cut off, which is the default',
      { strip: 'regex_priority: 0' },
      'only "strip_path: false"',
    ],
    ['a route without paths', { paths: 'methods: [GET]' }, 'a route without paths'],
    ['another algorithm', { algorithm: 'ES256' }, '"algorithm: ES256"'],
    ['another protocol of an upstream', { url: 'https://127.0.0.1:8080' }, 'url must be'],
    ['a path of an upstream', { url: 'http://127.0.0.1:8080/x' }, 'url must be'],
    ['an unknown setting of a service', { service: 'tags: [x]' }, '"tags"'],
    ['an unknown setting of a route', { route: ', tags: [x]' }, '"tags"'],
    ['an unknown setting of a plugin', { service: 'plugins: [{ name: cors, enabled: false }]' }, '"enabled"'],
    ['a negative number', { service: 'retries: -1' }, 'retries'],
  ])('refuses %s', (_, parts, message) => {
    expect(() => parseKongConfig(kongYml(parts))).toThrow(message);
  });
});
