import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts whose sessions have ended lately, as auth tells it: a row lives no longer than the tokens it is about. */
export class SessoesEncerradas1700000000020 implements MigrationInterface {
  readonly name = 'SessoesEncerradas1700000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sessoes_encerradas (
        usuario_id text primary key,
        geracao    integer not null check (geracao > 1),
        em         timestamptz not null
      )`);
    await runner.query('create index sessoes_encerradas_em on sessoes_encerradas (em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sessoes_encerradas');
  }
}
