import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the counter of each prefix may have come: what a Redis that lost it starts from. */
export class LimitesDeIds1700000000028 implements MigrationInterface {
  readonly name = 'LimitesDeIds1700000000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table limites_de_ids (
        prefixo text primary key check (prefixo ~ '^[a-z]{2,5}$'),
        limite  bigint not null check (limite between 1 and 4398046511103)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table limites_de_ids');
  }
}
