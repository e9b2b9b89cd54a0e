import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one other address that an account waits for, and the code that proves it. */
export class TrocasDeEmail1763900000172 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table trocas_de_email (
        usuario_id text primary key references usuarios (id) on delete cascade,
        -- SHA-256 of 256 random bits, as of the codes for a new password.
        codigo_hash bytea not null check (length(codigo_hash) = 32),
        -- The account as it was: with another address, or another generation of sessions, the code is void.
        de text not null,
        geracao integer not null check (geracao > 0),
        para text not null check (para ~ '^[!-~]+$' and para = lower(para) and length(para) <= 254),
        numero integer not null check (numero > 0),
        vence_em timestamptz not null,
        usada_em timestamptz,
        -- When all that may be mailed at once may be mailed again.
        livre_em timestamptz not null,
        constraint trocas_de_email_outro check (para <> de)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table trocas_de_email');
  }
}
