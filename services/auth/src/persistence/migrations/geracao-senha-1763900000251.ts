import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passwords that an account has had, counted: devices are known that were logged in with the present one. */
export class GeracaoSenha1763900000251 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table usuarios
        add column geracao_senha integer not null default 1 constraint usuarios_geracao_senha check (geracao_senha > 0)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios drop column geracao_senha');
  }
}
