import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered from a number is for all people who have proved it, and has effect once. */
export class RespostasPorSms1765000000470 implements MigrationInterface {
  readonly name = 'RespostasPorSms1765000000470';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table telefones
        -- Names of the messages that were answered from it, the newest last.
        add column recados text[] not null default '{}',
        add constraint telefones_recados_ck check (cardinality(recados) <= 50)`);
    await runner.query('create index telefones_numero_ix on telefones (numero)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index telefones_numero_ix');
    await runner.query('alter table telefones drop column recados');
  }
}
