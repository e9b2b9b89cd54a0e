import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Ato, PODERES } from '../../../../services/reservas/src/contas/domain/poderes.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const PROTOS = ['reservas_service', 'series_service', 'espacos_service'].map((name) =>
  readFileSync(join(ROOT, `proto/reservas/v1/${name}.proto`), 'utf8'),
);

const BOTH = 'ADMIN, or the GESTOR of the space.';
const ADMIN = 'ADMIN only.';

/** Fields of requests whose comment says that not everybody may set them, and which of the two sentences says so. */
function inTheContract(): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const proto of PROTOS)
    for (const [, rpc = '', body = ''] of proto.matchAll(/^message (\w+)Request \{\n(.*?)^\}/gms))
      for (const [, comment = '', field = ''] of body.matchAll(
        /((?:^ {2}\/\/ .*\n)+)^ {2}(?:optional |repeated )?[\w.]+ (\w+) =/gm,
      )) {
        const sentences = comment
          .replace(/\n *\/\/ /g, ' ')
          .split(/(?<=\.) /)
          .map((text) => text.trim());
        const said = [BOTH, ADMIN].find((sentence) => sentences.includes(sentence));
        if (said) fields[`${rpc}.${field}`] = said;
      }
  return fields;
}

const acts = Object.keys(PODERES) as Ato[];
const gestorMay = (act: Ato) => PODERES[act].partes.length === 2;

/** Rows such as "| `CriarReserva` `dispensas` | may | ...": what the column of the GESTOR says. */
function inThePage(name: string): Map<string, boolean> {
  const page = readFileSync(join(ROOT, 'docs/business-rules', name), 'utf8');
  const rows = page.matchAll(/^\| `(\w+)` `(\w+)` \| (may|`ACESSO_NEGADO`) \|/gm);
  return new Map([...rows].map(([, rpc, field, gestor]) => [`${rpc}.${field}`, gestor === 'may']));
}

describe('who may set which field of a request', () => {
  it('is in the comments of the contract what the code decides by', () => {
    const decided = acts.map((act) => [act, gestorMay(act) ? BOTH : ADMIN]);
    expect(inTheContract()).toEqual(Object.fromEntries(decided));
  });

  it('is in the page about who runs a space', () => {
    expect(inThePage('gestores.md')).toEqual(new Map(acts.map((act) => [act, gestorMay(act)])));
  });

  it('is in the page about exceptions, as far as it is about reservations', () => {
    const ofReservations = acts.filter((act) => !act.startsWith('AtualizarEspaco'));
    expect(inThePage('dispensas.md')).toEqual(new Map(ofReservations.map((act) => [act, gestorMay(act)])));
  });
});
