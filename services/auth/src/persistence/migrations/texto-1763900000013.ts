import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names in the one form of texts of people, addresses in plain visible ASCII, as the contract has them. */
export class Texto1763900000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      update usuarios set nome = coalesce(nullif(btrim(left(texto_arrumado(nome), 120)), ''), 'Sem nome')
      where not texto_de_gente(nome, 1, 120)`);
    await queryRunner.query(`
      alter table usuarios
        add constraint usuarios_nome_texto check (texto_de_gente(nome, 1, 120)),
        add constraint usuarios_email_ascii check (email ~ '^[!-~]+$')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table usuarios drop constraint usuarios_nome_texto, drop constraint usuarios_email_ascii',
    );
  }
}
