import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose webhooks they are: they hold what Stripe knows of a customer, and go with them. Those of before are not known by whom;
 * they go after 90 days at the latest. And customers who are gone: what comes about them later goes, too.
 */
export class Remocoes1764000000131 implements MigrationInterface {
  readonly name = 'Remocoes1764000000131';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhooks_stripe add column cliente_id text');
    await runner.query(`
      create index webhooks_stripe_cliente_ix on webhooks_stripe (cliente_id) where cliente_id is not null`);
    await runner.query(`
      create table clientes_removidos (
        cliente_id text primary key,
        -- As long as webhooks about them may come; then nothing of them is looked for any more.
        em         timestamptz not null
      )`);
    await runner.query('create index clientes_removidos_em_ix on clientes_removidos (em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table clientes_removidos');
    await runner.query('drop index webhooks_stripe_cliente_ix');
    await runner.query('alter table webhooks_stripe drop column cliente_id');
  }
}
