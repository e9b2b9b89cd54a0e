import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of one space's reservations, newest first, without walking over those of all the others. */
export class ReservasDoEspaco1764000000013 implements MigrationInterface {
  readonly name = 'ReservasDoEspaco1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index reservas_espaco_ix on reservas (espaco_id, criada_em, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index reservas_espaco_ix');
  }
}
