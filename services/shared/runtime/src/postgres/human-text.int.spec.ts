import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';

/** Characters around which the rules turn, and some between. */
const AWKWARD = [
  ...'aé李🙂 \t\n\r-',
  ...'\u0001\u000b\u001f\u007f\u0085\u00a0\u00ad\u0301\u034f\u061c\u115f\u1680\u180e\u2003\u200a\u200b\u200c\u200d\u200e',
  ...'\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2064\u2066\u2069\u206a\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ufff3\ufffd\u212b\ufb1d',
  '\u{1d173}',
  '\u{e0041}',
  '\u{1f468}\u200d\u{1f467}',
];

describe('texts of people in the domain and in the database', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
  });

  afterAll(async () => {
    await database?.drop();
  });

  /** The same texts every time. */
  const texts = Array.from({ length: 2_000 }, (_, n) => {
    let state = n * 2_654_435_761;
    const next = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    return Array.from({ length: next(12) }, () => AWKWARD[next(AWKWARD.length)]).join('');
  });

  it.each([false, true])('have one form (lines: %s)', async (linhas) => {
    const rows: { bruto: string; cru: boolean; arrumado: string }[] = await dataSource.query(
      `select bruto, texto_de_gente(bruto, 0, 20, $2) as cru, texto_arrumado(bruto, $2) as arrumado
       from unnest($1::text[]) with ordinality as t (bruto, n) order by n`,
      [texts, linhas],
    );
    const wanted = texts.map((bruto) => {
      const normal = normalizarTexto(bruto, { linhas });
      return normal === bruto && problemaNoTexto(bruto, { linhas, maximo: 20 }) === undefined;
    });
    const different = rows
      .filter(({ cru }, i) => cru !== wanted[i])
      .map(({ bruto }) => JSON.stringify(bruto));
    expect(different).toEqual([]);
    const tidied: { ok: boolean }[] = await dataSource.query(
      `select texto_de_gente(t, 0, 1000, $2) as ok from unnest($1::text[]) with ordinality as u (t, n) order by n`,
      [rows.map(({ arrumado }) => arrumado), linhas],
    );
    expect(rows.filter((_, i) => !tidied[i]?.ok).map(({ bruto }) => JSON.stringify(bruto))).toEqual([]);
  });

  it('are counted in characters', async () => {
    const [row] = await dataSource.query(
      `select texto_de_gente($1, 1, 61) as cabe, texto_de_gente($1, 1, 60) as passa, texto_de_gente('', 1, 9) as vazio`,
      ['🙂'.repeat(61)],
    );
    expect(row).toEqual({ cabe: true, passa: false, vazio: false });
  });
});
