import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMMON, EXAMPLES_FOLDER, type Example } from '@plataforma/dev/gen/openapi/examples';
import { OPERATIONS } from './document.ts';
import type { Exchange } from './driver.ts';
import { Masks } from './masks.ts';

/** Refusals that look the same wherever they come from: shown once. */
const ALIKE = [
  ...['NAO_AUTENTICADO', 'TOKEN_INVALIDO', 'ACESSO_NEGADO', 'CHAVE_IDEMPOTENCIA_REUTILIZADA'],
  ...['MENSAGEM_GRANDE_DEMAIS', 'ENDERECO_GRANDE_DEMAIS', 'CABECALHO_GRANDE_DEMAIS', 'CORPO_ILEGIVEL'],
];

/** What is written of them: a text per file, by its path in the folder of examples. */
export type Recording = ReadonlyMap<string, string>;

/** Examples out of what was said: of each operation its first success, and each of its refusals. */
export function recordingOf(exchanges: readonly Exchange[]): Recording {
  const files = new Map<string, Example>();
  const common: { [reason: string]: unknown } = {};
  for (const { id, servico } of OPERATIONS.values()) {
    const own = exchanges.filter(({ operation }) => operation.id === id);
    const masks = new Masks();
    const success = own.find(({ answer }) => answer.status < 300);
    const refusals = own.filter(({ answer, reason = '' }) => answer.status >= 400 && !ALIKE.includes(reason));
    const failures = Object.fromEntries(
      refusals
        .reverse()
        .map(({ reason, answer }) => [reason, answer.body] as const)
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    const request = success && requestOf(success, masks);
    const example: Example = {
      ...(request && Object.keys(request).length > 0 && { request }),
      ...(success && { success: { status: success.answer.status, ...bodyOf(success, masks) } }),
      ...(refusals.length > 0 && { failures: masks.of(failures) as Example['failures'] & object }),
    };
    if (Object.keys(example).length > 0) files.set(join(servico, `${id}.json`), example);
    for (const { reason = '', answer } of own)
      if (ALIKE.includes(reason)) common[reason] ??= new Masks().of(answer.body);
  }
  const sorted = Object.fromEntries(Object.entries(common).sort(([a], [b]) => (a < b ? -1 : 1)));
  files.set(`${COMMON}.json`, { failures: sorted });
  return new Map([...files].map(([file, example]) => [file, `${JSON.stringify(example, null, 2)}\n`]));
}

function requestOf({ call }: Exchange, masks: Masks): NonNullable<Example['request']> {
  const { path, query, body } = call;
  return masks.of({
    ...(path && { path }),
    ...(query && { query }),
    ...(body !== undefined && { body }),
  }) as NonNullable<Example['request']>;
}

/** Texts that are no JSON are shown where they are short. */
function bodyOf({ answer: { body } }: Exchange, masks: Masks): { body?: unknown } {
  if (typeof body === 'string' && (body === '' || body.length > 4_000 || body.includes('\u0000'))) return {};
  return { body: masks.of(body) };
}

/** The recording that is kept. */
export function keptRecording(folder = EXAMPLES_FOLDER): Recording {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Keeps this recording, and nothing of the one before. */
export function keep(recording: Recording, folder = EXAMPLES_FOLDER): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of recording) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}
