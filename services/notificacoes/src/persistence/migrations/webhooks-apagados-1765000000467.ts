import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses that are gone, until the last delivery to them is: there may be very many, and nobody waits for that. */
export class WebhooksApagados1765000000467 implements MigrationInterface {
  readonly name = 'WebhooksApagados1765000000467';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table webhooks
        add column apagado_em timestamptz,
        add constraint webhooks_apagados check (
          apagado_em is null or desativado_por is not null and dono_id = '' and nome = '' and url = '' and chave = '')`);
    await runner.query('create index webhooks_apagados_ix on webhooks (id) where apagado_em is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from webhooks where apagado_em is not null');
    await runner.query('alter table webhooks drop column apagado_em');
  }
}
