import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Passkeys: public keys, under names that devices have chosen. A name belongs to one account. A counter that is in use only
 * goes up.
 */
export class Passkeys1763900000190 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table passkeys (
        id uuid primary key,
        usuario_id text not null references usuarios (id) on delete cascade,
        credencial bytea not null check (length(credencial) between 1 and 1023),
        titular bytea not null check (length(titular) between 16 and 64),
        chave_publica bytea not null check (length(chave_publica) between 1 and 1024),
        nome text not null check (length(nome) between 1 and 60),
        contador bigint not null check (contador between 0 and 4294967295),
        transportes text[] not null check (cardinality(transportes) <= 8),
        sincronizavel boolean not null,
        sincronizada boolean not null,
        criada_em timestamptz not null,
        usada_em timestamptz,
        prova_impressao bytea check (length(prova_impressao) = 32),
        prova_expira_em timestamptz,
        constraint passkeys_credencial_unica unique (credencial),
        constraint passkeys_prova_expira check ((prova_impressao is null) = (prova_expira_em is null))
      )`);
    await queryRunner.query('create index passkeys_usuario on passkeys (usuario_id)');
    await queryRunner.query(`
      create function passkeys_contador_avanca() returns trigger language plpgsql as $$
      begin
        raise exception 'a counter only goes up' using errcode = 'check_violation', constraint = 'passkeys_contador_avanca';
      end $$`);
    await queryRunner.query(`
      create trigger passkeys_contador_avanca before update of contador on passkeys
      for each row when (new.contador < old.contador) execute function passkeys_contador_avanca()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table passkeys');
    await queryRunner.query('drop function passkeys_contador_avanca()');
  }
}
