import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what right a feed of a space was made, and who has the role of a GESTOR: both are asked when the feed is read. */
export class DireitosDosCalendarios1764000000091 implements MigrationInterface {
  readonly name = 'DireitosDosCalendarios1764000000091';

  async up(runner: QueryRunner): Promise<void> {
    // Null: from before, by a right that is not known.
    await runner.query('alter table calendarios add column por_admin boolean');
    // Null: no event has said so yet.
    await runner.query('alter table contas add column gestor boolean');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table contas drop column gestor');
    await runner.query('alter table calendarios drop column por_admin');
  }
}
