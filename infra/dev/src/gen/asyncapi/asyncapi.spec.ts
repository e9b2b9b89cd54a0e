import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CONSUMERS } from './consumers.ts';
import { recordedExamples } from './examples.ts';

const ROOT = join(import.meta.dirname, '../../../../..');

interface Document {
  readonly channels: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, { readonly action: string }>>;
}

let text: string;
let document: Document;

beforeAll(() => {
  text = readFileSync(join(ROOT, 'gen/asyncapi/plataforma.json'), 'utf8');
  document = JSON.parse(text);
});

/** Full names of the messages that the contracts have a subject for. */
function subjects(): string[] {
  const files = globSync('proto/*/v1/{eventos,comandos}.proto', { cwd: ROOT });
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/Subject `([\w.]+)`/g)].map(([, type = '']) => type),
  );
}

describe('the AsyncAPI document', () => {
  it('is one for the official parser, without a warning', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.map(({ message, path }) => `${path.join('/')}: ${message}`)).toEqual([]);
    expect(parsed?.version()).toBe('3.1.0');
  }, 60_000);

  it('has a channel for every message of the streams, and somebody who sends it', () => {
    expect(Object.keys(document.channels).sort()).toEqual(subjects().sort());
    const sent = Object.entries(document.operations).filter(([, { action }]) => action === 'send');
    expect(sent.map(([name]) => name.split('.envia.')[1]).sort()).toEqual(subjects().sort());
  });

  it('takes only what there is, in services that have a handler for it', () => {
    for (const [durable, { service, takes }] of Object.entries(CONSUMERS)) {
      expect(subjects()).toEqual(expect.arrayContaining([...takes]));
      const roots = durable.endsWith('-sessoes')
        ? 'services/shared/runtime/src/security'
        : `services/${service}/src`;
      const sources = globSync(`${roots}/**/*.ts`, { cwd: ROOT }).filter(
        (file) => !file.endsWith('.spec.ts'),
      );
      const all = sources.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
      for (const type of takes) expect(all).toContain(`${type.split('.').at(-1)}Schema`);
    }
  });

  it('has examples of known messages only', () => {
    expect(subjects()).toEqual(expect.arrayContaining(Object.keys(recordedExamples())));
  });
});
