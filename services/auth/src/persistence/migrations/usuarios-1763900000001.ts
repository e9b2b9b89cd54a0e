import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts. */
export class Usuarios1763900000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table usuarios (
        id text primary key check (id ~ '^cli_[0-9A-Za-z]+$'),
        nome text not null check (length(nome) between 1 and 200),
        email text not null constraint usuarios_email_unico unique check (email = lower(email) and length(email) <= 254),
        senha_hash text not null check (senha_hash like '$argon2id$%'),
        papeis text[] not null check (cardinality(papeis) > 0 and papeis <@ array['CLIENTE', 'GESTOR', 'ADMIN']),
        ativo boolean not null,
        versao integer not null check (versao > 0),
        criado_em timestamptz not null,
        atualizado_em timestamptz not null
      )`);
    await queryRunner.query('create index usuarios_criado_em on usuarios (criado_em desc)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table usuarios');
  }
}
