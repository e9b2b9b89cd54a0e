import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Second factors, one row each, and codes for the day the telephone is lost. What is shared with an app is encrypted by
 * the service; of recovery codes there are hashes only.
 */
export class Fatores1763900000110 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table fatores (
        id uuid primary key,
        usuario_id text not null references usuarios (id),
        tipo text not null check (tipo in ('TOTP')),
        segredo_cifrado bytea not null,
        criado_em timestamptz not null,
        ativado_em timestamptz,
        ultimo_passo bigint check (ultimo_passo >= 0),
        falhas integer not null check (falhas >= 0),
        esperar_ate timestamptz,
        constraint fatores_ativo_usado check ((ativado_em is null) = (ultimo_passo is null))
      )`);
    await queryRunner.query(
      `create unique index fatores_um_totp on fatores (usuario_id) where tipo = 'TOTP'`,
    );
    await queryRunner.query('create index fatores_usuario on fatores (usuario_id)');
    await queryRunner.query(`
      create function fatores_passo_avanca() returns trigger language plpgsql as $$
      begin
        if new.id = old.id and new.ultimo_passo <= old.ultimo_passo then
          raise exception 'a time step is used once' using errcode = 'check_violation', constraint = 'fatores_passo_avanca';
        end if;
        return new;
      end $$`);
    await queryRunner.query(`
      create trigger fatores_passo_avanca before update of ultimo_passo on fatores
      for each row when (new.ultimo_passo is distinct from old.ultimo_passo)
      execute function fatores_passo_avanca()`);
    await queryRunner.query(`
      create table codigos_recuperacao (
        usuario_id text not null references usuarios (id),
        impressao bytea not null check (length(impressao) = 32),
        usado_em timestamptz,
        primary key (usuario_id, impressao)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table codigos_recuperacao');
    await queryRunner.query('drop table fatores');
    await queryRunner.query('drop function fatores_passo_avanca()');
  }
}
