import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that sign tokens. The private half is encrypted by the service; the database never sees it in clear. */
export class ChavesAssinatura1763900000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table chaves_assinatura (
        kid text primary key,
        publica jsonb not null,
        privada_cifrada bytea not null,
        estado text not null check (estado in ('ATIVA', 'APOSENTADA')),
        criada_em timestamptz not null
      )`);
    await queryRunner.query(
      `create unique index chaves_assinatura_uma_ativa on chaves_assinatura (estado) where estado = 'ATIVA'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table chaves_assinatura');
  }
}
