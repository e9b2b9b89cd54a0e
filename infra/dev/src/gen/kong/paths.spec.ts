import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseKongConfig } from '../../edge/config/kong-config.ts';
import { renderedConfigurations } from '../../kong-schema/configurations.ts';

const FILE = join(import.meta.dirname, '../../../../../gen/kong/paths.txt');
const served = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([methods = '', expression = '']) => ({ methods: methods.split(','), path: new RegExp(expression) }));

const methodsOf = (path: string) => [
  ...new Set(served.filter((one) => one.path.test(path)).flatMap(({ methods }) => methods)),
];

describe('gen/kong/paths.txt', () => {
  it.each([
    ['/api/v1/espacos', ['GET', 'POST']],
    ['/api/v1/espacos/', ['GET', 'POST']],
    ['/api/v1/espacos/e1', ['DELETE', 'GET', 'PATCH']],
    ['/api/v1/espacos/e1/x/y/z', []],
    ['/api/v1/calendarios/segredo.ics', ['DELETE', 'GET', 'HEAD']],
    ['/api/v1/webhooks/stripe', ['POST']],
    ['/.well-known/jwks.json', ['GET', 'HEAD']],
    ['/xwell-known/jwks.json', []],
  ])('knows what %s takes', (path, methods) => {
    expect(methodsOf(path).sort()).toEqual(methods);
  });

  it('knows every service that a route leads to, and none that is between services only', () => {
    const { routes } = parseKongConfig(renderedConfigurations()[0]?.text ?? '');
    const prefixes = routes.flatMap(({ paths }) => paths).filter((path) => /^\/\w+\.v\d+\.\w+\/$/.test(path));
    expect(prefixes.length).toBeGreaterThan(10);
    expect(prefixes.filter((prefix) => methodsOf(`${prefix}Rpc`).length === 0)).toEqual([]);
    expect(methodsOf('/auth.v1.ServiceTokensService/IssueServiceToken')).toEqual([]);
  });
});
