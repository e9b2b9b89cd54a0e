import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { useTestCase } from '../support/use-test-case.ts';
import { useWebhooks } from '../support/use-webhooks.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const DIA_MS = 24 * 3_600_000;

const testCase = useTestCase();
const integracao = useWebhooks(testCase);

describe('what happened', () => {
  const sql = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    testCase.harness.database.dataSource.query(text, values);

  const eventos = (nome: string, quantos: number, haDias: number) =>
    sql(
      `insert into webhook_eventos (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
       select $1 || n, 'RESERVA_CRIADA', 'reserva:r' || n, 1, 'r' || n, 'esp_1', $3, $3, '{}' from generate_series(1, $2) n`,
      [nome, quantos, new Date(testCase.clock.now().getTime() - haDias * DIA_MS)],
    );

  it('is forgotten after 30 days, with what became of it, and nothing younger is', async () => {
    const { id } = await integracao.inscrever();
    await integracao.admin.desativarWebhook({ webhookId: id });
    await eventos('velho', 1_200, 30.1);
    await eventos('novo', 3, 29.9);
    await sql(
      `insert into webhook_entregas (webhook_id, evento_id, chave, versao, tentar_em, desde, criada_em)
       select $1, id, chave, versao, recebido_em, recebido_em, recebido_em from webhook_eventos`,
      [id],
    );
    await testCase.start();
    await eventually(async () =>
      expect(
        await sql('select left(id, -1) as id, count(*)::int as n from webhook_eventos group by 1'),
      ).toEqual([{ id: 'novo', n: 3 }]),
    );
    expect(await sql('select count(*)::int as n from webhook_entregas')).toEqual([{ n: 3 }]);
  });
});

describe('a sender that dies', () => {
  it('keeps its address for two minutes, and then another one sends', async () => {
    await integracao.inscrever();
    const { harness, clock, cliente, reserva } = testCase;
    await harness.database.dataSource.query('update webhooks set posse = $1, posse_ate = $2', [
      randomUUID(),
      new Date(clock.now().getTime() + 120_000),
    ]);
    await harness.criar(reserva, cliente, '2026-12-24T13:30:00Z');
    await eventually(async () =>
      expect(await harness.database.dataSource.query('select 1 from webhook_entregas')).toHaveLength(1),
    );
    clock.advance(119_000);
    await testCase.instances[0]?.turns();
    expect(integracao.receptor.recebidos).toEqual([]);
    clock.advance(2_000);
    await eventually(() => expect(integracao.receptor.recebidos).toHaveLength(1));
  });
});
