import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calendar feeds, and the index by which those of a space find its reservations. */
export class Calendarios1764000000010 implements MigrationInterface {
  readonly name = 'Calendarios1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table calendarios (
        id          text primary key check (id ~ '^cal_[0-9A-Za-z]+$'),
        dono_id     text not null check (dono_id <> ''),
        espaco_id   text references espacos,
        -- SHA-256 of the secret in the address; the secret itself is stored nowhere.
        impressao   bytea not null unique check (length(impressao) = 32),
        criado_em   timestamptz not null,
        revogado_em timestamptz
      )`);
    await runner.query('create index calendarios_dono_ix on calendarios (dono_id) where revogado_em is null');
    await runner.query('create index calendarios_criado_ix on calendarios (criado_em)');
    await runner.query('create index reservas_espaco_inicio_ix on reservas (espaco_id, data_inicio)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index reservas_espaco_inicio_ix');
    await runner.query('drop table calendarios');
  }
}
