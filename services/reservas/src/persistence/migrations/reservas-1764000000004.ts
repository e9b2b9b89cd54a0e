import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reservations. Two exclusion constraints guard the slots: *dura* refuses an overlap, whoever books; *folga* refuses
 * a neighbour inside the buffer after a reservation, except where an admin has overridden it. Their predicate is the
 * list of occupying statuses, written out because a migration never changes.
 */
export class Reservas1764000000004 implements MigrationInterface {
  readonly name = 'Reservas1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create extension if not exists btree_gist');
    await runner.query(`
      create table reservas (
        id                   text primary key check (id ~ '^res_[0-9A-Za-z]+$'),
        versao               integer not null check (versao >= 1),
        status               text not null check (status in
          ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA', 'CANCELADA', 'EXPIRADA', 'CONCLUIDA')),
        cliente_id           text not null,
        espaco_id            text not null references espacos,
        espaco_nome          text not null,
        espaco_endereco      text not null,
        fuso_horario         text not null,
        data_inicio          timestamptz not null,
        data_fim             timestamptz not null check (data_fim > data_inicio),
        folga_minutos        integer not null check (folga_minutos between 0 and 240),
        -- Stored, because an index expression may not add an interval to a timestamptz.
        bloqueio_fim         timestamptz not null,
        ignora_buffer        boolean not null default false,
        ignora_buffer_motivo text,
        preco                jsonb not null check (jsonb_typeof(preco) = 'array'),
        valor_centavos       bigint not null check (valor_centavos >= 0),
        moeda                text not null check (moeda = 'BRL'),
        extras               jsonb not null check (jsonb_typeof(extras) = 'array'),
        politica             jsonb not null check (jsonb_typeof(politica) = 'object'),
        cotacao_id           text references cotacoes,
        chave_idempotencia   text,
        checkout_url         text,
        pagamento_id         text,
        expira_em            timestamptz not null,
        criada_em            timestamptz not null,
        atualizada_em        timestamptz not null,
        confirmada_em        timestamptz,
        constraint reservas_bloqueio_ck check
          (extract(epoch from bloqueio_fim - data_fim) = folga_minutos * 60),
        constraint reservas_ignora_buffer_ck check (ignora_buffer = (ignora_buffer_motivo is not null)),
        constraint reservas_valor_ck check (valor_centavos = soma_das_linhas(preco)),
        constraint reservas_cobranca_ck check
          (status <> 'PENDENTE_PAGAMENTO' or (pagamento_id is not null and checkout_url is not null)),
        constraint reservas_confirmada_ck check
          (status <> 'CONFIRMADA' or (pagamento_id is not null and confirmada_em is not null)),
        constraint reservas_dura_ex exclude using gist
          (espaco_id with =, tstzrange(data_inicio, data_fim) with &&)
          where (status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA')),
        constraint reservas_folga_ex exclude using gist
          (espaco_id with =, tstzrange(data_inicio, bloqueio_fim) with &&)
          where (status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA') and not ignora_buffer)
      )`);
    await this.#indexes(runner);
    await this.#frozen(runner);
  }

  async #indexes(runner: QueryRunner): Promise<void> {
    // One payment pays one reservation.
    await runner.query(`
      create unique index reservas_pagamento_uq on reservas (pagamento_id) where pagamento_id is not null`);
    await runner.query('create index reservas_cliente_ix on reservas (cliente_id, criada_em, id)');
    await runner.query('create index reservas_criada_ix on reservas (criada_em, id)');
    await runner.query(`
      create index reservas_espera_ix on reservas (expira_em)
      where status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO')`);
    await runner.query(`
      create index reservas_chave_ix on reservas (cliente_id, chave_idempotencia) where chave_idempotencia is not null`);
  }

  /** What a reservation was made with stays as it was, whoever writes. */
  async #frozen(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function reservas_manter_snapshot() returns trigger language plpgsql as $$
      begin
        if (old.id, old.cliente_id, old.espaco_id, old.preco, old.valor_centavos, old.moeda, old.extras, old.politica,
            old.folga_minutos, old.fuso_horario, old.criada_em)
           is distinct from
           (new.id, new.cliente_id, new.espaco_id, new.preco, new.valor_centavos, new.moeda, new.extras, new.politica,
            new.folga_minutos, new.fuso_horario, new.criada_em) then
          raise exception 'the snapshot of reservation % is frozen', old.id using errcode = 'restrict_violation';
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger reservas_snapshot before update on reservas
      for each row execute function reservas_manter_snapshot()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reservas');
    await runner.query('drop function reservas_manter_snapshot()');
  }
}
