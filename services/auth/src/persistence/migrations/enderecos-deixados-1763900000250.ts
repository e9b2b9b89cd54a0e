import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Addresses that the password alone has taken from accounts, as whoever has stolen it can: for seven days they are the owners'
 * way back, and nobody else's. Of changes from before, and of those that a program from before asks for, nothing is known.
 */
export class EnderecosDeixados1763900000250 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table trocas_de_email add column so_senha boolean not null default false');
    await queryRunner.query(`
      create table enderecos_deixados (
        -- One of an account: whoever changes the address again and again does not push the owner's out.
        usuario_id text primary key references usuarios (id) on delete cascade,
        email text not null constraint enderecos_deixados_email unique check (length(email) <= 254),
        deixado_em timestamptz not null,
        vence_em timestamptz not null,
        -- Of the code for a new password that was mailed there; apart from the account's own, so that whoever asks with the
        -- present address neither voids it nor uses up how many there may be.
        codigo_hash bytea unique check (length(codigo_hash) = 32),
        codigo_numero integer not null default 0 check (codigo_numero >= 0),
        codigo_vence_em timestamptz check (codigo_vence_em <= vence_em),
        codigos_livres_em timestamptz,
        constraint enderecos_deixados_sete_dias check (vence_em > deixado_em and vence_em <= deixado_em + interval '168 hours'),
        constraint enderecos_deixados_codigo check (num_nulls(codigo_hash, codigo_vence_em, codigos_livres_em) in (0, 3))
      )`);
    await queryRunner.query('create index enderecos_deixados_vence_em on enderecos_deixados (vence_em)');
    await queryRunner.query(`
      create trigger enderecos_deixados_sem_removidas before insert or update of usuario_id on enderecos_deixados
      for each row execute function usuarios_sem_removidas()`);
    // After the row is in the indexes: a change that frees the address is waited for there, and seen here then.
    await queryRunner.query(`
      create function usuarios_endereco_livre() returns trigger language plpgsql as $$
      begin
        if exists (
          select from enderecos_deixados d
          where d.email = new.email and d.usuario_id <> new.id and d.vence_em > new.atualizado_em
        ) then
          raise exception 'another account may come back to this address'
            using errcode = 'unique_violation', constraint = 'usuarios_endereco_livre';
        end if;
        return null;
      end $$`);
    await queryRunner.query(`
      create trigger usuarios_endereco_livre after insert or update of email, email_verificado on usuarios
      for each row when (new.email_verificado) execute function usuarios_endereco_livre()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger usuarios_endereco_livre on usuarios');
    await queryRunner.query('drop function usuarios_endereco_livre()');
    await queryRunner.query('drop table enderecos_deixados');
    await queryRunner.query('alter table trocas_de_email drop column so_senha');
  }
}
