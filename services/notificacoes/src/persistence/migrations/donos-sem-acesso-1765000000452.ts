import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has lost the right to webhooks a moment ago: a token of theirs may still be taken, and must not make new ones. */
export class DonosSemAcesso1765000000452 implements MigrationInterface {
  readonly name = 'DonosSemAcesso1765000000452';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook_donos_sem_acesso (
        dono_id text primary key,
        desde   timestamptz not null
      )`);
    await runner.query('create index webhook_donos_sem_acesso_desde_ix on webhook_donos_sem_acesso (desde)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_donos_sem_acesso');
  }
}
