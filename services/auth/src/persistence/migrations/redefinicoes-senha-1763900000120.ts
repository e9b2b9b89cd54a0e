import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests for a new password, as they come for any address, and the one code of an account that is good for it. */
export class RedefinicoesSenha1763900000120 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table pedidos_senha (
        -- One of an address at a time is enough; whether it has an account is looked up after the caller has been answered.
        email text primary key check (length(email) <= 254),
        pedido_em timestamptz not null
      )`);
    await queryRunner.query('create index pedidos_senha_pedido_em on pedidos_senha (pedido_em)');
    await queryRunner.query(`
      create table redefinicoes_senha (
        usuario_id text primary key references usuarios (id) on delete cascade,
        -- SHA-256 of 256 random bits: what has to be slow for a password need not be for them.
        codigo_hash bytea not null unique check (length(codigo_hash) = 32),
        -- Where the code went: it proves that address and no other.
        email text not null,
        numero integer not null check (numero > 0),
        vence_em timestamptz not null,
        usada_em timestamptz,
        -- When all that may be mailed at once may be mailed again.
        livre_em timestamptz not null
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table redefinicoes_senha, pedidos_senha');
  }
}
