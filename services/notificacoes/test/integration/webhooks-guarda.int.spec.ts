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

describe('the space of a reservation', () => {
  const sql = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    testCase.harness.database.dataSource.query(text, values);
  const haDias = (dias: number) => new Date(testCase.clock.now().getTime() - dias * DIA_MS);

  it('is forgotten 400 days after the last that was heard of it, and not before', async () => {
    await sql(
      `insert into webhook_reservas (reserva_id, espaco_id, visto_em)
       select 'res_velha' || n, 'esp_1', $1::timestamptz from generate_series(1, 1200) n
       union all select 'res_nova', 'esp_1', $2::timestamptz`,
      [haDias(400.1), haDias(399.9)],
    );
    await testCase.start();
    await eventually(async () =>
      expect(await sql(`select reserva_id from webhook_reservas where reserva_id like 'res_%a%'`)).toEqual([
        { reserva_id: 'res_nova' },
      ]),
    );
  });

  it('stays what it was, and is kept for longer, when more is heard of it', async () => {
    const { harness, clock, cliente, reserva } = testCase;
    await sql(`insert into webhook_reservas (reserva_id, espaco_id, visto_em) values ($1, 'esp_0', $2)`, [
      ...[reserva, haDias(300)],
    ]);
    await harness.criar(reserva, cliente, '2026-12-24T13:30:00Z');
    await eventually(async () =>
      expect(
        await sql('select espaco_id, visto_em from webhook_reservas where reserva_id = $1', [reserva]),
      ).toEqual([{ espaco_id: 'esp_0', visto_em: clock.now() }]),
    );
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
