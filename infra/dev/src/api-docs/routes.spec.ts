import { describe, expect, it } from '@jest/globals';
import { parseKongConfig } from '../edge/config/kong-config.ts';
import { Router } from '../edge/config/router.ts';
import { kongYml } from './kong-yml.ts';

const routerOf = (docs?: string) => new Router(parseKongConfig(kongYml(docs)).routes);

describe('the routes to the page about the API', () => {
  const router = routerOf('127.0.0.1:8085');

  it.each(['/docs', '/docs/', '/docs/swagger-ui-bundle.js', '/openapi.json', '/asyncapi.json'])(
    'lead to %s without a token, within the limit of everything',
    (path) => {
      for (const method of ['GET', 'HEAD']) {
        const { service, plugins = [] } = router.match(method, path, {}) ?? {};
        expect([service?.port, plugins.some(({ name }) => name === 'jwt')]).toEqual([8085, false]);
        expect(plugins.find(({ name }) => name === 'rate-limiting')?.config.minute).toBe(300);
      }
    },
  );

  it.each(['POST /docs', 'GET /docsx', 'GET /docs/a/b', 'GET /openapi.jsonx', 'GET /openapi_json'])(
    'do not lead to %s',
    (call) => {
      const [method = '', path = ''] = call.split(' ');
      expect(router.match(method, path, {})).toBeUndefined();
    },
  );

  it('are there only where the page is said to be', () => {
    for (const path of ['/docs', '/openapi.json']) {
      expect(routerOf().match('GET', path, {})).toBeUndefined();
      expect(router.match('GET', path, {})?.name).toBe('docs');
    }
  });
});
