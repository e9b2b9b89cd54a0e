import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the webhooks that are old enough to be deleted. */
export class WebhooksConcluidos1764000000012 implements MigrationInterface {
  readonly name = 'WebhooksConcluidos1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index webhooks_stripe_concluidos_ix on webhooks_stripe (concluido_em)
      where estado in ('PROCESSADO', 'IGNORADO')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index webhooks_stripe_concluidos_ix');
  }
}
