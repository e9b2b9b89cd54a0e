import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../../..');
const document: unknown = JSON.parse(readFileSync(join(ROOT, 'gen/openapi/plataforma.json'), 'utf8'));
const page = readFileSync(join(ROOT, 'docs/architecture/errors.md'), 'utf8');

const rows = [...page.matchAll(/^\| `(\w+)` \| [A-Z_]+ \| \d{3} \| (yes|no) \|/gm)];
const sent = new Set(rows.filter(([, , yes]) => yes === 'yes').map(([, name = '']) => name));

/** Every reason of every response. */
function reasonsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { reason } = (node as { properties?: { reason?: { enum?: string[] } } }).properties ?? {};
  return [...(reason?.enum ?? []), ...Object.values(node).flatMap(reasonsIn)];
}

const documented = new Set(reasonsIn(document));

/** What no operation names as its own: any may answer it with a 5xx, it is told elsewhere, or only services hear it. */
const ELSEWHERE = [
  ...['ERRO_INTERNO', 'PRAZO_ESGOTADO', 'REQUISICAO_CANCELADA', 'ROTA_INEXISTENTE'],
  // Of the gateway, to what is no request of an operation.
  ...['METODO_NAO_PERMITIDO', 'TIPO_NAO_SUPORTADO', 'HTTP2_NECESSARIO'],
  ...['SERVICO_DESCONHECIDO', 'AUDIENCIA_NAO_PERMITIDA', 'PAGAMENTO_NAO_APROVADO'],
  // Of a date of a series, in the details of SERIE_COM_RECUSAS.
  'HORARIO_INEXISTENTE',
];

describe('the reasons in the documents of REST', () => {
  it('are all sent by the code, as the table of errors has it', () => {
    expect([...documented].filter((name) => !sent.has(name))).toEqual([]);
    expect(documented.size).toBeGreaterThan(100);
  });

  it('are all that the code sends', () => {
    const missing = [...sent].filter((name) => !documented.has(name));
    expect(missing.sort()).toEqual([...ELSEWHERE].sort());
  });
});
