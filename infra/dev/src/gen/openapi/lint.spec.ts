import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import rulesets from '@stoplight/spectral-rulesets';

const FOLDER = resolve(import.meta.dirname, '../../../../../gen/openapi');
const documents = readdirSync(FOLDER).map(
  (file) => [file, readFileSync(join(FOLDER, file), 'utf8')] as const,
);
const [file, joined] = documents.find(([name]) => name.endsWith('.json')) ?? ['', ''];

async function redocly(name: string, source: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, absoluteRef: join(FOLDER, name), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

async function spectralOf(name: string, source: string): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [rulesets.oas as never] });
  const parser = name.endsWith('.json') ? parsers.Json : parsers.Yaml;
  const problems = await linter.run(new spectral.Document(source, parser as never, name));
  return problems.map(({ code, path, message }) => `${code} ${path.join('/')}: ${message}`);
}

describe('the linters of others', () => {
  it.each(documents)(
    'Redocly has nothing to say of %s',
    async (name, source) => {
      expect(await redocly(name, source)).toEqual([]);
    },
    60_000,
  );

  it.each(documents)(
    'Spectral has nothing to say of %s',
    async (name, source) => {
      expect(await spectralOf(name, source)).toEqual([]);
    },
    60_000,
  );

  it('would speak up', async () => {
    const bare = { get: { responses: { '200': { description: 'Success.' } } } };
    const wrong = JSON.stringify({ ...JSON.parse(joined), paths: { '/api/v1/x': bare } });
    expect((await redocly(file, wrong)).join('\n')).toContain('operation-4xx-response');
    expect((await spectralOf(file, wrong)).join('\n')).toContain('operation-operationId');
  }, 60_000);
});
