import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { goldenFile, loadFixture } from './fixture-workspace.ts';
import { generateKong } from './kong/kong.ts';
import { generateOpenapi } from './openapi/openapi.ts';
import type { OutputTree } from './output-tree.ts';

describe('the generators', () => {
  let generated: OutputTree;

  beforeAll(async () => {
    const registry = await loadFixture('exemplo');
    generated = new Map([...generateKong(registry, 'kong'), ...generateOpenapi(registry, 'openapi')]);
  });

  it.each(['kong/exemplo.proto', 'kong/comum.proto', 'openapi/exemplo.yaml'])(
    'write %s exactly as expected when given the fixture contract',
    async (path) => {
      const expected = await readFile(goldenFile(path.replace('/', '-')), 'utf8');
      expect(generated.get(path)).toBe(expected);
    },
  );

  it('write nothing else when given the fixture contract', () => {
    expect([...generated.keys()]).toHaveLength(3);
  });
});
