import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recurring bookings: the plan, and the place of each of its reservations. */
export class Series1764000000008 implements MigrationInterface {
  readonly name = 'Series1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table series (
        id                 text primary key check (id ~ '^ser_[0-9A-Za-z]+$'),
        cliente_id         text not null,
        espaco_id          text not null references espacos,
        fuso_horario       text not null,
        -- Wall clock, not an instant: it stays the same when the clocks are switched.
        inicio_local       text not null check (inicio_local ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d$'),
        duracao_minutos    integer not null check (duracao_minutos between 1 and 1440),
        rrule              text not null check (length(rrule) between 1 and 300),
        datas_excluidas    jsonb not null check (jsonb_typeof(datas_excluidas) = 'array'),
        extras             jsonb not null check (jsonb_typeof(extras) = 'array'),
        modo               text not null check (modo in ('TUDO_OU_NADA', 'PULAR_CONFLITOS')),
        puladas            jsonb not null check (jsonb_typeof(puladas) = 'array'),
        chave_idempotencia text,
        criada_por         text not null check (criada_por <> ''),
        criada_em          timestamptz not null,
        constraint series_tudo_ou_nada_ck check (modo <> 'TUDO_OU_NADA' or puladas = '[]')
      )`);
    await runner.query(`
      create trigger series_somente_insercao before update or delete or truncate on series
      for each statement execute function recusar_mudanca()`);
    await runner.query('create index series_cliente_ix on series (cliente_id, criada_em, id)');
    await runner.query('create index series_criada_ix on series (criada_em, id)');
    await runner.query(`
      create index series_chave_ix on series (cliente_id, chave_idempotencia) where chave_idempotencia is not null`);
    await this.#places(runner);
  }

  async #places(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column serie_id     text references series,
        add column serie_numero integer check (serie_numero >= 1),
        add column serie_data   text check (serie_data ~ '^\\d{4}-\\d\\d-\\d\\d$'),
        add constraint reservas_serie_ck check (num_nulls(serie_id, serie_numero, serie_data) in (0, 3))`);
    await runner.query(`
      create unique index reservas_serie_uq on reservas (serie_id, serie_numero) where serie_id is not null`);
    await runner.query(`
      create function reservas_manter_serie() returns trigger language plpgsql as $$
      begin
        raise exception 'the place of reservation % in its series is frozen', old.id
          using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create trigger reservas_serie before update on reservas for each row
      when ((old.serie_id, old.serie_numero, old.serie_data)
        is distinct from (new.serie_id, new.serie_numero, new.serie_data))
      execute function reservas_manter_serie()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger reservas_serie on reservas');
    await runner.query('drop function reservas_manter_serie()');
    await runner.query(
      'alter table reservas drop column serie_id, drop column serie_numero, drop column serie_data',
    );
    await runner.query('drop table series');
  }
}
