import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the space of a reservation was last heard of: what ended long ago is forgotten. */
export class ReservasVistas1765000000466 implements MigrationInterface {
  readonly name = 'ReservasVistas1765000000466';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook_reservas add column visto_em timestamptz not null default now()');
    await runner.query('create index webhook_reservas_visto_ix on webhook_reservas (visto_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook_reservas drop column visto_em');
  }
}
