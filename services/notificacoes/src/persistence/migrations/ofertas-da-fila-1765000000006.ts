import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offers of the waitlist: what is known of them, and the message that tells of them. */
export class OfertasDaFila1765000000006 implements MigrationInterface {
  readonly name = 'OfertasDaFila1765000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        -- Price and end of the offer; empty when the reservation is none.
        add column oferta jsonb`);
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (
          'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
          'ESTORNO_CONCLUIDO', 'VAGA_OFERECIDA'
        ))`);
  }

  /** Refuses, and changes nothing, while there are messages that the older schema cannot hold. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (
          'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
          'ESTORNO_CONCLUIDO'
        ))`);
    await runner.query('alter table reservas drop column oferta');
  }
}
