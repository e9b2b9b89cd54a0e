import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether a reservation that stands has its money: when pagamentos said that it came in, and what has gone back of it.
 * Amounts of refunds that were heard of before are not known, so they count as nothing.
 */
export class ReservasSemPagamento1764000000016 implements MigrationInterface {
  readonly name = 'ReservasSemPagamento1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column pago_em            timestamptz,
        add column estornos           jsonb not null default '[]' check (jsonb_typeof(estornos) = 'array'),
        add column estornado_centavos bigint not null default 0 check (estornado_centavos >= 0)`);
    // What pagamentos told confirms with these words, unlike what somebody asked for.
    await runner.query(`
      update reservas r set pago_em = h.em from reservas_historico h
      where h.reserva_id = r.id and h.evento = 'ReservaConfirmada' and h.pagamento_id = r.pagamento_id
        and h.quem = 'servico:pagamentos' and h.porque = 'pagamento aprovado'`);
    await runner.query(`
      update reservas set estornos = jsonb_build_array(
        jsonb_build_object('numero', estorno_numero, 'status', estorno_status, 'centavos', null))
      where estorno_numero is not null`);
    await runner.query(`
      create index reservas_sem_pagamento_ix on reservas (data_fim)
      where status in ('CONFIRMADA', 'CONCLUIDA') and valor_centavos > 0
        and (pago_em is null or estornado_centavos >= valor_centavos)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index reservas_sem_pagamento_ix');
    await runner.query(`
      alter table reservas drop column pago_em, drop column estornos, drop column estornado_centavos`);
  }
}
