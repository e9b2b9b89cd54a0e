import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What has happened to the security of accounts, keys and services. Rows are never changed, and deleted only when they are a
 * year old. What can be repeated at will is one row for each minute, place and pair of persons.
 */
export class EventosSeguranca1763900000160 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table eventos_seguranca (
        id bigint generated always as identity primary key,
        tipo text not null check (tipo ~ '^[A-Z0-9_]{1,40}$'),
        resultado text not null check (resultado in ('FEITO', 'RECUSADO')),
        autor_id text check (length(autor_id) between 1 and 60),
        usuario_id text check (usuario_id ~ '^cli_[0-9A-Za-z]+$'),
        detalhe text not null check (length(detalhe) <= 200),
        endereco text not null check (length(endereco) <= 60),
        dispositivo text not null check (length(dispositivo) <= 200),
        requisicao text not null check (length(requisicao) <= 128),
        em timestamptz(3) not null,
        minuto timestamptz check (minuto = date_trunc('minute', em)),
        constraint eventos_seguranca_recusas_por_minuto check (resultado = 'FEITO' or minuto is not null)
      )`);
    await queryRunner.query(`
      create unique index eventos_seguranca_um_por_minuto
      on eventos_seguranca (minuto, tipo, resultado, endereco, usuario_id, autor_id, detalhe) nulls not distinct
      where minuto is not null`);
    await queryRunner.query('create index eventos_seguranca_em on eventos_seguranca (em desc, id desc)');
    for (const coluna of ['usuario_id', 'autor_id', 'tipo'])
      await queryRunner.query(`
        create index eventos_seguranca_${coluna} on eventos_seguranca (${coluna}, em desc, id desc)`);
    await queryRunner.query(`
      create function eventos_seguranca_guardar() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.em < now() - interval '365 days' then
          return old;
        end if;
        raise exception 'security events are kept as they are for a year' using errcode = 'restrict_violation';
      end $$`);
    await queryRunner.query(`
      create trigger eventos_seguranca_guardar before update or delete on eventos_seguranca
      for each row execute function eventos_seguranca_guardar()`);
    await queryRunner.query(`
      create trigger eventos_seguranca_guardar_todos before truncate on eventos_seguranca
      for each statement execute function eventos_seguranca_guardar()`);
    await queryRunner.query(`
      create function chaves_assinatura_auditar() returns trigger language plpgsql as $$
      declare
        chave record := case when tg_op = 'DELETE' then old else new end;
      begin
        insert into eventos_seguranca (tipo, resultado, detalhe, endereco, dispositivo, requisicao, em)
        values ('CHAVE_DE_ASSINATURA', 'FEITO',
          (case when tg_op = 'DELETE' then 'APAGADA' else chave.estado end) || ' ' || chave.kid, '', '', '',
          clock_timestamp());
        return null;
      end $$`);
    await queryRunner.query(`
      create trigger chaves_assinatura_auditar after insert or delete or update of estado on chaves_assinatura
      for each row execute function chaves_assinatura_auditar()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger chaves_assinatura_auditar on chaves_assinatura');
    await queryRunner.query('drop function chaves_assinatura_auditar()');
    await queryRunner.query('drop table eventos_seguranca');
    await queryRunner.query('drop function eventos_seguranca_guardar()');
  }
}
