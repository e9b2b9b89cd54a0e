import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Under which key the secret of an app is sealed; null: by a replica from before, under a key that it does not tell. */
export class FatoresSelo1763900000180 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table fatores add column selado_com text check (selado_com ~ '^[0-9a-f]{16}$')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table fatores drop column selado_com');
  }
}
