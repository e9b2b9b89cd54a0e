import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money on its way back, and the cancellation whose message waits for pagamentos to say how much. */
export class Devolucoes1765000000060 implements MigrationInterface {
  readonly name = 'Devolucoes1765000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column movimentos jsonb not null default '[]',
        -- What the message says; empty when none waits.
        add column cancelamento jsonb,
        add column cobranca_cancelada_em timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas drop column movimentos, drop column cancelamento, drop column cobranca_cancelada_em`);
  }
}
