import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages whose effect is committed: the row is written in the transaction of that effect. */
export class Inbox1700000000002 implements MigrationInterface {
  readonly name = 'Inbox1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbox (
        consumidor    text not null,
        mensagem_id   text not null,
        processado_em timestamptz not null default now(),
        primary key (consumidor, mensagem_id)
      )`);
    await runner.query('create index inbox_processado_ix on inbox (processado_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox');
  }
}
