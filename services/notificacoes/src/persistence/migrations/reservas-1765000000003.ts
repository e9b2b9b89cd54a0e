import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of each reservation, so that its facts may come in any order. */
export class Reservas1765000000003 implements MigrationInterface {
  readonly name = 'Reservas1765000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reservas (
        reserva_id           text primary key,
        -- Version of the reservation that a fact is of; 0 while it has not happened.
        confirmada_na_versao integer not null default 0 check (confirmada_na_versao >= 0),
        cancelada_na_versao  integer not null default 0 check (cancelada_na_versao >= 0),
        atualizada_em        timestamptz not null default now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reservas');
  }
}
