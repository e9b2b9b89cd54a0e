import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the customer of a series keeps their store credit for later. */
export class SeriesGuardamCreditos1764000000041 implements MigrationInterface {
  readonly name = 'SeriesGuardamCreditos1764000000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table series add column guardar_creditos boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table series drop column guardar_creditos');
  }
}
