import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A device ends with its session also where nothing tells of that: not used for a month, or as old as sessions get. */
export class FimDosDispositivos1765000000476 implements MigrationInterface {
  readonly name = 'FimDosDispositivos1765000000476';

  async up(runner: QueryRunner): Promise<void> {
    // Null where an older release has registered it: it knew only when that was.
    await runner.query('alter table dispositivos_push add column sessao_ate timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table dispositivos_push drop column sessao_ate');
  }
}
