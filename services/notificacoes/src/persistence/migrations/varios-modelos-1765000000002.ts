import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Room for several models, for messages that repeat and for messages that are due later.
 *
 * Copies of the service that do not know this yet keep working: the columns have defaults or may be empty, and the
 * unique key keeps its name, which their INSERT mentions, and is the same key to them, as they write no `fato`.
 */
export class VariosModelos1765000000002 implements MigrationInterface {
  readonly name = 'VariosModelos1765000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notificacoes
        -- Tells messages of one model about one reservation apart; empty when there can be only one.
        add column fato text not null default '',
        -- Not sent before; empty means at once.
        add column devida_em timestamptz,
        -- Not sent from then on; empty means never too late.
        add column valida_ate timestamptz,
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (
          'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
          'ESTORNO_CONCLUIDO'
        )),
        drop constraint notificacoes_uma_por_fato_uq,
        add constraint notificacoes_uma_por_fato_uq unique (reserva_id, modelo, canal, fato)`);
  }

  /** Refuses, and changes nothing, while there are messages that the older schema cannot hold. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_uma_por_fato_uq,
        add constraint notificacoes_uma_por_fato_uq unique (reserva_id, modelo, canal),
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in ('RESERVA_CONFIRMADA')),
        drop column valida_ate,
        drop column devida_em,
        drop column fato`);
  }
}
