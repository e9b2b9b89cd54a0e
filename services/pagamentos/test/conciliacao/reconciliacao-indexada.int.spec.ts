import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PostgresPainelDeReconciliacao } from '../../src/conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

const AGORA = new Date('2026-11-24T12:00:00Z');
const depois = (ms: number) => new Date(AGORA.getTime() + ms);
const PAGAS = 20_000;
const ABERTAS = 300;

let dataSource: DataSource;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  // Captured over the last 120 days; the first 30 are due, the last 5 have no reservation, some have a refund.
  await dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
       checkout_url, checkout_expira_em, intencao_id, criado_em, aprovado_em, atualizado_em, versao, aproveitado,
       verificar_em)
     select 'pag_' || n, 'res_' || n, 'cli_1', 1000, 'BRL', '', 'APROVADO', em, 'cs_' || n, 'x', em, 'pi_' || n,
       em, em, em, 4, n <= $2::int - 5, $1::timestamptz + make_interval(mins => n - 30)
     from generate_series(1, $2::int) n cross join lateral (select $1::timestamptz - make_interval(mins => n * 8) as em) t`,
    [AGORA, PAGAS],
  );
  await dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
       checkout_url, checkout_expira_em, criado_em, atualizado_em, versao, verificar_em)
     select 'pag_a' || n, 'res_a' || n, 'cli_1', 1000, 'BRL', '', 'PENDENTE', $1, 'cs_a' || n, 'x', $1, $1, $1, 3,
       $1::timestamptz - interval '1 day'
     from generate_series(1, $2::int) n`,
    [AGORA, ABERTAS],
  );
  await dataSource.query(
    `insert into estornos (pagamento_id, numero, centavos, moeda, origem, situacao, solicitado_em, tentar_em)
     select id, 1, 1, 'BRL', 'ADMIN', case when versao = 4 and n = 1 then 'SOLICITADO' else 'CONCLUIDO' end,
       aprovado_em, case when n = 1 then aprovado_em end
     from (select *, row_number() over (order by aprovado_em) as n from pagamentos where intencao_id is not null) p`,
  );
  await dataSource.query('analyze');
});

afterAll(() => close());

describe('the reconciler', () => {
  it('takes open and captured payments in turns, so that neither waits for all of the other', async () => {
    const painel = new PostgresPainelDeReconciliacao(dataSource);
    const lote = await painel.reivindicar(AGORA, depois(300_000), 50);
    const abertas = lote.filter((id) => id.startsWith('pag_a'));
    expect([lote.length, abertas.length]).toEqual([50, 25]);
    // Where one kind is done, the other has the room.
    const resto = await painel.reivindicar(AGORA, depois(300_000), 50);
    expect([resto.length, resto.filter((id) => id.startsWith('pag_a')).length]).toEqual([50, 45]);
  });

  it('gives each payment to one replica, again when it was given back, and never once it is too old', async () => {
    const painel = new PostgresPainelDeReconciliacao(dataSource);
    await dataSource.query('update pagamentos set verificar_em = $1', [depois(3_600_000)]);
    await painel.soltar(['pag_1', 'pag_2', 'pag_a1'], AGORA);
    const lotes = await Promise.all([1, 2, 3].map(() => painel.reivindicar(AGORA, depois(300_000), 2)));
    expect(lotes.flat().sort()).toEqual(['pag_1', 'pag_2', 'pag_a1']);
    await painel.comparados(['pag_a1', 'pag_1'], depois(86_400_000), new Date(0));
    await painel.comparados(['pag_2'], depois(86_400_000), AGORA);
    expect((await painel.reivindicar(depois(300_000), depois(600_000), 9)).length).toBe(1);
    const [{ verificar_em }] = await dataSource.query(
      `select verificar_em from pagamentos where id = 'pag_2'`,
    );
    expect(verificar_em).toBeNull();
  });

  it('asks the database nothing that reads all payments or all refunds', async () => {
    const perguntas: Array<readonly [sql: string, valores: unknown[]]> = [];
    const query = (sql: string, valores: unknown[]) => {
      perguntas.push([sql, valores]);
      return dataSource.query(sql, valores);
    };
    const painel = new PostgresPainelDeReconciliacao({ query } as unknown as DataSource);
    await painel.reivindicar(AGORA, depois(300_000), 50);
    await painel.comparados(['pag_1'], AGORA, AGORA);
    await painel.soltar(['pag_1'], AGORA);
    await painel.todos('', 100);
    const contas = await painel.contas(AGORA);
    expect([contas.semReserva.length, contas.estornosAtrasados.length]).toEqual([5, 1]);
    expect(perguntas).toHaveLength(8);
    for (const [sql, valores] of perguntas) {
      const plano: unknown[] = await dataSource.query(`explain ${sql}`, valores);
      expect(JSON.stringify(plano)).not.toMatch(/Seq Scan on (pagamentos|estornos)/);
    }
  });
});
