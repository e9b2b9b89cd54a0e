import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys of people that no master key at hand opened when an event had to leave, kept for the day on which it is found. With the
 * key of an erased person those go as well, whoever erases: a trigger sees to it. When a key was sealed tells whether somebody
 * has the master key that a process lacks; another trigger says so, as the release before this one seals, too.
 */
export class ChavesPerdidas1763900000261 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table chaves_pessoais_antigas (
        usuario_id text not null references chaves_pessoais (usuario_id) on delete cascade,
        chave bytea not null check (length(chave) = 60),
        selo text not null check (selo ~ '^[0-9a-f]{16}$'),
        guardada_em timestamptz not null default clock_timestamp(),
        primary key (usuario_id, chave)
      )`);
    await queryRunner.query(
      'alter table chaves_pessoais add column selada_em timestamptz not null default now()',
    );
    await queryRunner.query(`
      create function chaves_pessoais_selada() returns trigger language plpgsql as $$
      begin
        new.selada_em := clock_timestamp();
        return new;
      end $$`);
    await queryRunner.query(`
      create trigger chaves_pessoais_selada before insert or update of chave on chaves_pessoais
      for each row execute function chaves_pessoais_selada()`);
    await queryRunner.query(`
      create function chaves_pessoais_esquecer_antigas() returns trigger language plpgsql as $$
      begin
        delete from chaves_pessoais_antigas where usuario_id = new.usuario_id;
        return null;
      end $$`);
    await queryRunner.query(`
      create trigger chaves_pessoais_esquecer_antigas after update on chaves_pessoais
      for each row when (new.destruida_em is not null) execute function chaves_pessoais_esquecer_antigas()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger chaves_pessoais_esquecer_antigas on chaves_pessoais');
    await queryRunner.query('drop trigger chaves_pessoais_selada on chaves_pessoais');
    await queryRunner.query('drop function chaves_pessoais_esquecer_antigas()');
    await queryRunner.query('drop function chaves_pessoais_selada()');
    await queryRunner.query('alter table chaves_pessoais drop column selada_em');
    await queryRunner.query('drop table chaves_pessoais_antigas');
  }
}
