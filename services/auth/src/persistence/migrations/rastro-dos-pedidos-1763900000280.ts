import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which call a request for a new password came: its event says so. Null where an earlier replica has stored it. */
export class RastroDosPedidos1763900000280 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pedidos_senha add column rastro jsonb');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pedidos_senha drop column rastro');
  }
}
