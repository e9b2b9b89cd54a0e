import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Single sessions that have ended lately, beside the accounts of `sessoes_encerradas`; of both, when the row was last
 * written, by the clock of the database, so that each process can ask for what is new to it. A trigger says so, as the
 * release before this one writes rows, too.
 */
export class SessoesRevogadas1700000000031 implements MigrationInterface {
  readonly name = 'SessoesRevogadas1700000000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sessoes_revogadas (
        sessao_id text primary key,
        em        timestamptz not null,
        vista_em  timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`
      alter table sessoes_encerradas add column vista_em timestamptz not null default clock_timestamp()`);
    await runner.query(`
      create function sessao_vista() returns trigger language plpgsql as $$
      begin
        new.vista_em := clock_timestamp();
        return new;
      end $$`);
    for (const table of ['sessoes_encerradas', 'sessoes_revogadas'])
      await runner.query(`
        create trigger ${table}_vista before insert or update on ${table}
        for each row execute function sessao_vista()`);
    await runner.query('create index sessoes_encerradas_vista on sessoes_encerradas (vista_em)');
    await runner.query('create index sessoes_revogadas_vista on sessoes_revogadas (vista_em)');
    await runner.query('create index sessoes_revogadas_em on sessoes_revogadas (em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sessoes_revogadas');
    await runner.query('drop trigger sessoes_encerradas_vista on sessoes_encerradas');
    await runner.query('alter table sessoes_encerradas drop column vista_em');
    await runner.query('drop function sessao_vista');
  }
}
