import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who enters an account by an issuer's word. Such an account may be without a password; that every account has a way in is
 * looked at when a transaction ends, as account and link are stored one after the other. The row of the account is locked
 * for it, so that of two transactions that take the last two ways the second one sees the first.
 */
export class Vinculos1763900000130 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table vinculos (
        emissor text not null check (length(emissor) between 1 and 512),
        sujeito text not null check (length(sujeito) between 1 and 255),
        usuario_id text not null references usuarios (id) on delete cascade,
        criado_em timestamptz not null,
        constraint vinculos_um_dono primary key (emissor, sujeito),
        constraint vinculos_um_por_emissor unique (usuario_id, emissor)
      )`);
    await queryRunner.query('alter table usuarios alter column senha_hash drop not null');
    await queryRunner.query(`
      create function usuarios_tem_entrada() returns trigger language plpgsql as $$
      declare
        conta text;
        sem_senha boolean;
      begin
        if tg_table_name = 'usuarios' then conta := new.id; else conta := old.usuario_id; end if;
        select senha_hash is null into sem_senha from usuarios where id = conta for no key update;
        if sem_senha and not exists (select 1 from vinculos where usuario_id = conta) then
          raise exception 'an account needs a way in' using errcode = 'check_violation', constraint = 'usuarios_tem_entrada';
        end if;
        return null;
      end $$`);
    await queryRunner.query(`
      create constraint trigger usuarios_tem_entrada after insert or update of senha_hash on usuarios
      deferrable initially deferred for each row when (new.senha_hash is null)
      execute function usuarios_tem_entrada()`);
    await queryRunner.query(`
      create constraint trigger usuarios_tem_entrada after delete or update of usuario_id on vinculos
      deferrable initially deferred for each row execute function usuarios_tem_entrada()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table vinculos');
    await queryRunner.query('drop trigger usuarios_tem_entrada on usuarios');
    await queryRunner.query('drop function usuarios_tem_entrada()');
    await queryRunner.query('alter table usuarios alter column senha_hash set not null');
  }
}
