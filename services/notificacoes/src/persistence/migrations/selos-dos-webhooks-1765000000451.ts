import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key has sealed the keys that sign webhooks; of those from before it is not known, so they are sealed anew. */
export class SelosDosWebhooks1765000000451 implements MigrationInterface {
  readonly name = 'SelosDosWebhooks1765000000451';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table webhooks
        add column selo text check (selo ~ '^[0-9a-f]{16}$'),
        add column selo_anterior text check (selo_anterior ~ '^[0-9a-f]{16}$')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhooks drop column selo, drop column selo_anterior');
  }
}
