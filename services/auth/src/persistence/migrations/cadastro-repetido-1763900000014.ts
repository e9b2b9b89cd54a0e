import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Digest of the idempotency key and the texts an account was opened with: the same sign-up again is no second one. */
export class CadastroRepetido1763900000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table usuarios add column cadastro_impressao bytea check (length(cadastro_impressao) = 32)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios drop column cadastro_impressao');
  }
}
