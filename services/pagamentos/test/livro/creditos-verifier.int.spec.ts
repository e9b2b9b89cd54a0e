import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DataSource } from 'typeorm';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { verificarCreditos } from '../../src/livro/infrastructure/creditos-verifier.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const T0 = new Date('2026-11-24T12:00:00Z');

let dataSource: DataSource;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ dataSource, close } = await openTestDatabase());
  const livro = new PostgresLivroDeCreditos(dataSource);
  await livro.conceder('cli_1', Dinheiro.deCentavos(500n), 'bonus:res_1', T0);
});

afterEach(() => close());

/** Changes the books as a person with the rights of their owner could. */
async function adulterar(...comandos: string[]): Promise<void> {
  const tabelas = ['creditos_lotes', 'creditos_lancamentos', 'transacoes'];
  for (const tabela of tabelas) await dataSource.query(`alter table ${tabela} disable trigger all`);
  for (const comando of comandos) await dataSource.query(comando);
  for (const tabela of tabelas) await dataSource.query(`alter table ${tabela} enable trigger all`);
}

const lancar = (transacao: string, conta: string, centavos: number) =>
  `insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
   values ('${transacao}', 'bonus:res_1', '${conta}', ${centavos}, now())`;

const evento = (fluxo: string, versao: number, tipo: string, dados: string) =>
  `insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
   values ('${fluxo}', ${versao}, '${tipo}', 2, '${dados}', '{}', now())`;

const dinheiro = (centavos: number) => `{"centavos":"${centavos}","moeda":"BRL"}`;
const criada = (creditos: number) =>
  `{"pagamentoId":"pag_1","reservaId":"res_1","clienteId":"cli_1","valor":${dinheiro(100)},` +
  `"creditos":${dinheiro(creditos)},"descricao":"","expiraEm":"2026-11-24T12:00:00Z"}`;

describe('the verifier of credit', () => {
  it('finds nothing in books that are whole', async () => {
    expect(await verificarCreditos(dataSource.manager)).toEqual([]);
  });

  it.each<[string, string[], Array<{ fluxo: string; problema: string }>]>([
    [
      'a lot that holds something else than its entries say',
      ['update creditos_lotes set restante = 499'],
      [{ fluxo: 'bonus:res_1', problema: 'the lot holds 499 cents, its entries say 500' }],
    ],
    [
      'a lot without entries',
      [
        `insert into creditos_lotes (id, cliente_id, centavos, restante, criado_em, expira_em)
         values ('x', 'cli_1', 5, 5, now(), now())`,
      ],
      [{ fluxo: 'x', problema: 'the lot holds 5 cents, its entries say 0' }],
    ],
    [
      'entries of which one side is missing',
      [lancar('fraude', 'plataforma:expirados', 1)],
      [{ fluxo: 'fraude', problema: 'entries of lot bonus:res_1 do not add up to zero' }],
    ],
    [
      'credit that no movement tells of',
      ['delete from transacoes'],
      [{ fluxo: 'cli_1', problema: 'the movements tell of 0 cents of credit, the ledger of 500' }],
    ],
    [
      'movements of credit that was never entered',
      [
        `insert into transacoes (id, cliente_id, tipo, centavos, moeda, ocorrida_em)
         values ('a', 'cli_2', 'CREDITO_CONCEDIDO', 9, 'BRL', now()), ('b', 'cli_2', 'CREDITO_EXPIRADO', 2, 'BRL', now())`,
      ],
      [{ fluxo: 'cli_2', problema: 'the movements tell of 7 cents of credit, the ledger of 0' }],
    ],
    [
      'credit that the ledger keeps for a payment without events',
      [lancar('fraude', 'pagamento:pag_1', 1), lancar('fraude', 'plataforma:bonus', -1)],
      [{ fluxo: 'pag_1', problema: 'the events keep 0 cents of credit, the ledger 1' }],
    ],
    [
      'credit that a charge says it keeps',
      [evento('pag_1', 1, 'CobrancaCriada', criada(7))],
      [{ fluxo: 'pag_1', problema: 'the events keep 7 cents of credit, the ledger 0' }],
    ],
    [
      'credit that was used later',
      [
        evento('pag_1', 1, 'CobrancaCriada', criada(0)),
        evento('pag_1', 2, 'CreditosUsados', `{"creditos":${dinheiro(8)}}`),
      ],
      [{ fluxo: 'pag_1', problema: 'the events keep 8 cents of credit, the ledger 0' }],
    ],
  ])('finds %s', async (_, comandos, defeitos) => {
    await adulterar(...comandos);
    expect(await verificarCreditos(dataSource.manager)).toMatchObject(defeitos);
  });

  it('looks at no payment that credit never had to do with', async () => {
    const perguntas: string[] = [];
    const query = async <R>(sql: string, valores?: unknown[]): Promise<R> => {
      perguntas.push(sql);
      return dataSource.query(sql, valores) as Promise<R>;
    };
    await dataSource.query(evento('pag_1', 1, 'CobrancaCriada', criada(0)));
    // Of another kind, whatever it says.
    await dataSource.query(
      evento('pag_1', 2, 'CartaoRecusado', `{"recusaId":"x","creditos":${dinheiro(9)}}`),
    );
    await dataSource.query(evento('pag_1', 3, 'CreditosUsados', `{"creditos":${dinheiro(0)}}`));
    expect(await verificarCreditos({ query })).toEqual([]);
    expect(perguntas.filter((sql) => sql.includes('select versao, tipo'))).toEqual([]);
  });

  it('tells each of many payments once', async () => {
    await adulterar(
      `insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
       select 'fraude', 'bonus:res_1', 'pagamento:pag_' || lpad(n::text, 4, '0'), 1, now() from generate_series(1, 501) n`,
    );
    const defeitos = await verificarCreditos(dataSource.manager);
    const pagamentos = defeitos.filter(({ fluxo }) => fluxo.startsWith('pag_')).map(({ fluxo }) => fluxo);
    expect([pagamentos.length, new Set(pagamentos).size]).toEqual([501, 501]);
  });
});
