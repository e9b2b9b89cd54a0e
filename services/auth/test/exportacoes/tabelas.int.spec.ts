import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { autocommit } from '@plataforma/runtime/transaction';
import { decisionsAbout } from '@plataforma/testing/personal-tables';
import { FORA, secoesDaConta } from '../../src/exportacoes/infrastructure/dados-da-conta.ts';
import { openDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

it('every table of auth is exported, or it is said why not', async () => {
  const secoes = secoesDaConta(autocommit(database.dataSource), { abertas: async () => [] });
  const decisions = await decisionsAbout(database.dataSource, { secoes, fora: FORA });
  expect(decisions).toEqual({ undecided: [], gone: [], twice: [] });
  const nomes = secoes.map(({ nome }) => nome);
  expect(nomes).toEqual([...nomes].sort());
});
