import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { goldenFile, loadFixture } from './fixture-workspace.ts';
import { generateKong } from './kong/kong.ts';
import { generateOpenapi } from './openapi/openapi.ts';
import type { OutputTree } from './output-tree.ts';

const PLAIN = {
  tags: [{ name: 'Arquivos', description: 'Files.' }],
  paths: {
    '/coisas.csv': {
      get: { operationId: 'Coisas', tags: ['Arquivos'], responses: { '200': { description: 'All.' } } },
    },
  },
};

describe('the generators', () => {
  let generated: OutputTree;

  beforeAll(async () => {
    const registry = await loadFixture('exemplo');
    generated = new Map([...generateKong(registry, 'kong'), ...generateOpenapi(registry, 'openapi', PLAIN)]);
  });

  it.each(['kong/exemplo.proto', 'kong/comum.proto', 'openapi/exemplo.yaml', 'openapi/plataforma.json'])(
    'write %s exactly as expected when given the fixture contract',
    async (path) => {
      const expected = await readFile(goldenFile(path.replace('/', '-')), 'utf8');
      expect(generated.get(path)).toBe(expected);
    },
  );

  it('write nothing else when given the fixture contract', () => {
    expect([...generated.keys()]).toHaveLength(4);
  });
});
