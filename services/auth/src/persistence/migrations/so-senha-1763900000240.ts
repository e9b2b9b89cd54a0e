import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABELAS = ['fatores', 'passkeys', 'vinculos'];

/**
 * Which ways into an account were added while no second factor was proved that was there before them: whoever has stolen the
 * password can add such. Of rows from before, and of those of a program from before, nothing is known, and they stay.
 */
export class SoSenha1763900000240 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const tabela of TABELAS)
      await queryRunner.query(`alter table ${tabela} add column so_senha boolean not null default false`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const tabela of TABELAS) await queryRunner.query(`alter table ${tabela} drop column so_senha`);
  }
}
