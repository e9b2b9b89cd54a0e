import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A key is published before it signs; from when it signs no more, its private half is kept by no one. */
export class ChavesProxima1763900000150 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table chaves_assinatura
        drop constraint chaves_assinatura_estado_check,
        add constraint chaves_assinatura_estado_check check (estado in ('PROXIMA', 'ATIVA', 'APOSENTADA')),
        alter column privada_cifrada drop not null`);
    await queryRunner.query(
      `create unique index chaves_assinatura_uma_proxima on chaves_assinatura (estado) where estado = 'PROXIMA'`,
    );
    await queryRunner.query(`
      create or replace function chaves_assinatura_aposentar() returns trigger language plpgsql as $$
      begin
        if new.estado = 'APOSENTADA' then
          new.aposentada_em := coalesce(new.aposentada_em, now());
          new.privada_cifrada := null;
        else
          new.aposentada_em := null;
        end if;
        return new;
      end $$`);
    await queryRunner.query(
      `update chaves_assinatura set privada_cifrada = null where estado = 'APOSENTADA'`,
    );
    await queryRunner.query(`
      alter table chaves_assinatura add constraint chaves_assinatura_privada
        check ((estado = 'APOSENTADA') = (privada_cifrada is null))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`delete from chaves_assinatura where estado <> 'ATIVA'`);
    await queryRunner.query('drop index chaves_assinatura_uma_proxima');
    await queryRunner.query(`
      create or replace function chaves_assinatura_aposentar() returns trigger language plpgsql as $$
      begin
        if new.estado = 'APOSENTADA' then
          new.aposentada_em := coalesce(new.aposentada_em, now());
        else
          new.aposentada_em := null;
        end if;
        return new;
      end $$`);
    await queryRunner.query(`
      alter table chaves_assinatura
        drop constraint chaves_assinatura_privada,
        drop constraint chaves_assinatura_estado_check,
        add constraint chaves_assinatura_estado_check check (estado in ('ATIVA', 'APOSENTADA')),
        alter column privada_cifrada set not null`);
  }
}
