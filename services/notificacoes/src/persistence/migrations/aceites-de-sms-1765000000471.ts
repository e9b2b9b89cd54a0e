import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody answered that they want text messages again. */
export class AceitesDeSms1765000000471 implements MigrationInterface {
  readonly name = 'AceitesDeSms1765000000471';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table telefones add column aceito_em timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table telefones drop column aceito_em');
  }
}
