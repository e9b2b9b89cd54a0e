import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys of people, under which personal data in events travels. A key that was destroyed leaves its row behind, without the
 * key and for good, so that none is ever made again for that person.
 */
export class ChavesPessoais1763900000220 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table chaves_pessoais (
        usuario_id text primary key references usuarios (id),
        chave bytea check (length(chave) = 60),
        selo text check (selo ~ '^[0-9a-f]{16}$'),
        criada_em timestamptz not null default now(),
        destruida_em timestamptz,
        constraint chaves_pessoais_viva_ou_destruida check (
          (chave is null) = (destruida_em is not null) and (selo is null) = (chave is null))
      )`);
    await queryRunner.query('create index chaves_pessoais_selo on chaves_pessoais (selo, usuario_id)');
    await queryRunner.query(`
      create function chaves_pessoais_destruida_fica() returns trigger language plpgsql as $$
      begin
        if old.destruida_em is null then
          if tg_op = 'DELETE' then
            return old;
          end if;
          return new;
        end if;
        raise exception 'a personal key that was destroyed stays destroyed' using errcode = 'restrict_violation';
      end $$`);
    await queryRunner.query(`
      create trigger chaves_pessoais_destruida_fica before update or delete on chaves_pessoais
      for each row execute function chaves_pessoais_destruida_fica()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table chaves_pessoais');
    await queryRunner.query('drop function chaves_pessoais_destruida_fica()');
  }
}
