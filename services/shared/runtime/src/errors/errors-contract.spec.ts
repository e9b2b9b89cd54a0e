import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MotivoErroSchema } from '@plataforma/contratos/comum/v1/motivo_erro_pb';

/** Every reason written in a source file of the runtime: the text after a status code or the name of a reason. */
function reasonsInSource(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  );
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const calls = texts.flatMap((text) => [
    ...text.matchAll(/Code\.\w+,\s*'([A-Z_]+)'|\]: \[\s*'([A-Z_]+)'|reason: '([A-Z_]+)'/g),
  ]);
  return new Set(calls.map(([, ...groups]) => groups.find((group) => group !== undefined) ?? ''));
}

describe('the reasons of the runtime', () => {
  const declared = new Set(MotivoErroSchema.values.map(({ name }) => name.replace(/^MOTIVO_ERRO_/, '')));
  const used = reasonsInSource(import.meta.dirname);

  it('are found in its source', () => {
    expect([...used]).toEqual(
      expect.arrayContaining(['TIPO_NAO_SUPORTADO', 'REQUISICAO_INVALIDA', 'ERRO_INTERNO']),
    );
  });

  it('are all in the contract', () => {
    expect([...used].filter((reason) => !declared.has(reason))).toEqual([]);
  });
});
