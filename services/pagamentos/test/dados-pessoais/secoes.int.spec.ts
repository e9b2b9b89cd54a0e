import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Secao } from '@plataforma/runtime/personal-export';
import { autocommit } from '@plataforma/runtime/transaction';
import { allAbout } from '@plataforma/testing/personal-data';
import { decisionsAbout } from '@plataforma/testing/personal-tables';
import { FORA, secoesDePagamentos } from '../../src/dados-pessoais/infrastructure/secoes.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const ANA = 'cli_ana';
const BIA = 'cli_bia';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let secoes: readonly Secao[];

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);

beforeAll(async () => {
  database = await openTestDatabase();
  secoes = secoesDePagamentos(autocommit(database.dataSource));
  for (const [n, cliente] of [ANA, BIA].entries()) {
    for (const vez of [1, 2, 3]) {
      const id = `pag_de${n}x${vez}`;
      await sql(
        `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
           checkout_url, checkout_expira_em, intencao_id, criado_em, aprovado_em, atualizado_em, versao)
         values ($1, $2, $3, 5000, 'BRL', 'Sala', 'APROVADO', now(), 'cs_' || $1, 'https://stripe/' || $1, now(),
           'pi_' || $1, now(), now(), now(), 1)`,
        [id, `res_de${n}x${vez}`, cliente],
      );
      await sql(
        `insert into estornos (pagamento_id, numero, centavos, moeda, origem, situacao, refund_id, solicitado_em)
         values ($1, 1, 100, 'BRL', 'CANCELAMENTO', 'CONCLUIDO', 're_' || $1, now())`,
        [id],
      );
      await sql(
        `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
         values ($1 || ':captura', $1, $2, $3, 'CAPTURA', 5000, 'BRL', now())`,
        [id, `res_de${n}x${vez}`, cliente],
      );
    }
    await database.dataSource.transaction(async (manager) => {
      const lote = `bonus:res_de${n}`;
      await manager.query(
        `insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em)
         values ($1, $2, 700, now(), now() + interval '1 year')`,
        [lote, cliente],
      );
      await manager.query(
        `insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
         values ($1, $1, 'cliente:' || $2, 700, now()), ($1, $1, 'plataforma:bonus', -700, now())`,
        [lote, cliente],
      );
    });
  }
});

afterAll(() => database.close());

describe('what pagamentos tells of a person', () => {
  it('is decided for every table', async () => {
    const decisions = await decisionsAbout(database.dataSource, { secoes, fora: FORA });
    expect(decisions).toEqual({ undecided: [], gone: [], twice: [] });
    expect(secoes.map(({ nome }) => nome)).toEqual(secoes.map(({ nome }) => nome).sort());
  });

  it('is all of theirs, nothing of anybody else, and no code of the provider', async () => {
    const dela = await allAbout(secoes, ANA);
    const quantos = Object.fromEntries(Object.entries(dela).map(([nome, todas]) => [nome, todas.length]));
    expect(quantos).toEqual({
      'pagamentos.creditos': 1,
      'pagamentos.estornos': 3,
      'pagamentos.lancamentosDeCredito': 2,
      'pagamentos.pagamentos': 3,
      'pagamentos.transacoes': 3,
    });
    expect(dela['pagamentos.pagamentos']?.[0]).toMatchObject({ centavos: 5000, status: 'APROVADO' });
    expect(dela['pagamentos.creditos']?.[0]).toMatchObject({ centavos: 700, restante: 700 });
    expect(JSON.stringify(dela)).not.toMatch(/cli_bia|de1|cs_|pi_|re_pag|stripe/);
    expect(Object.values(await allAbout(secoes, 'cli_ninguem')).flat()).toEqual([]);
  });
});
