import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { goldenFile, loadFixture } from './fixture-workspace.ts';
import { generateKong } from './kong/kong.ts';
import { generateOpenapi } from './openapi/openapi.ts';
import type { OutputTree } from './output-tree.ts';

const PLAIN = {
  tags: [{ name: 'Arquivos', description: 'Files.' }],
  paths: {
    '/coisas.csv': {
      get: {
        ...{ operationId: 'Coisas', description: 'All of them.', tags: ['Arquivos'], security: [] },
        responses: { '200': { description: 'All.' } },
      },
    },
  },
};

const EXAMPLES = new Map([
  [
    'CoisasService_CriarCoisa',
    {
      request: { body: { nome: 'Mesa', marcas: ['nova'] } },
      success: { status: 201, body: { id: 'coi_Exemplo1' } },
      failures: {
        COISA_REPETIDA: { code: 'already_exists', message: 'Já existe.', reason: 'COISA_REPETIDA' },
      },
    },
  ],
  ['CoisasService_ObterCoisa', { request: { path: { coisaId: 'coi_Exemplo1' } } }],
]);

describe('the generators', () => {
  let generated: OutputTree;

  beforeAll(async () => {
    const registry = await loadFixture('exemplo');
    generated = new Map([
      ...generateKong(registry, 'kong'),
      ...generateOpenapi(registry, 'openapi', PLAIN, EXAMPLES),
    ]);
  });

  it.each(['kong/exemplo.proto', 'kong/comum.proto', 'openapi/exemplo.yaml', 'openapi/plataforma.json'])(
    'write %s exactly as expected when given the fixture contract',
    async (path) => {
      if (process.env.ATUALIZAR_GOLDEN)
        await writeFile(goldenFile(path.replace('/', '-')), generated.get(path) ?? '');
      const expected = await readFile(goldenFile(path.replace('/', '-')), 'utf8');
      expect(generated.get(path)).toBe(expected);
    },
  );

  it('write nothing else when given the fixture contract', () => {
    expect([...generated.keys()]).toHaveLength(4);
  });
});
