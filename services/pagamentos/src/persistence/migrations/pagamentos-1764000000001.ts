import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The event store with its projections. */
export class Pagamentos1764000000001 implements MigrationInterface {
  readonly name = 'Pagamentos1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENTOS);
    await runner.query(PAGAMENTOS);
    await runner.query('create index pagamentos_criado_em_ix on pagamentos (criado_em desc)');
    await runner.query(CHECKOUTS);
    await runner.query('create index checkouts_pendentes_tentar_em_ix on checkouts_pendentes (tentar_em)');
    await runner.query(TRANSACOES);
    await runner.query('create index transacoes_ocorrida_em_ix on transacoes (ocorrida_em desc, id desc)');
    await runner.query(
      'create index transacoes_cliente_ix on transacoes (cliente_id, ocorrida_em desc, id desc)',
    );
    await runner.query('create index transacoes_reserva_ix on transacoes (reserva_id)');
    await runner.query(SO_ACRESCENTAR);
    for (const tabela of ['eventos_pagamento', 'transacoes'])
      await runner.query(`
        create trigger ${tabela}_so_acrescentar before update or delete or truncate on ${tabela}
        for each statement execute function so_acrescentar()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table transacoes, checkouts_pendentes, pagamentos, eventos_pagamento');
    await runner.query('drop function so_acrescentar()');
  }
}

// `transacao` lets a reader follow the table without missing a transaction that commits late: read below
// pg_snapshot_xmin(pg_current_snapshot()), ordered by (transacao, posicao).
const EVENTOS = `
  create table eventos_pagamento (
    posicao        bigint generated always as identity primary key,
    transacao      xid8 not null default pg_current_xact_id(),
    fluxo          text not null,
    versao         integer not null check (versao > 0),
    tipo           text not null,
    versao_esquema integer not null check (versao_esquema > 0),
    dados          jsonb not null,
    meta           jsonb not null,
    ocorrido_em    timestamptz not null,
    constraint eventos_pagamento_fluxo_uq unique (fluxo, versao)
  )`;

const PAGAMENTOS = `
  create table pagamentos (
    id                 text primary key check (id ~ '^pag_[0-9A-Za-z]+$'),
    reserva_id         text not null,
    cliente_id         text not null,
    centavos           bigint not null check (centavos > 0),
    moeda              text not null check (moeda ~ '^[A-Z]{3}$'),
    descricao          text not null,
    status             text not null check (status in ('PENDENTE', 'APROVADO', 'RECUSADO', 'CANCELADO',
                                                       'ESTORNO_PENDENTE', 'ESTORNADO_PARCIAL', 'ESTORNADO')),
    expira_em          timestamptz not null,
    sessao_id          text,
    checkout_url       text,
    checkout_expira_em timestamptz,
    intencao_id        text,
    estornado          bigint not null default 0,
    recusas            integer not null default 0 check (recusas >= 0),
    criado_em          timestamptz not null,
    aprovado_em        timestamptz,
    atualizado_em      timestamptz not null,
    versao             integer not null check (versao > 0),
    constraint pagamentos_reserva_uq unique (reserva_id),
    constraint pagamentos_sessao_uq unique (sessao_id),
    constraint pagamentos_intencao_uq unique (intencao_id),
    constraint pagamentos_checkout_ck check (num_nonnulls(sessao_id, checkout_url, checkout_expira_em) in (0, 3)),
    constraint pagamentos_capturado_ck check (
      (status in ('PENDENTE', 'RECUSADO', 'CANCELADO')) = (intencao_id is null)
      and (intencao_id is null) = (aprovado_em is null)),
    constraint pagamentos_estornado_ck check (estornado between 0 and centavos)
  )`;

const CHECKOUTS = `
  create table checkouts_pendentes (
    pagamento_id text primary key references pagamentos (id),
    tentar_em    timestamptz not null,
    falhas       integer not null default 0 check (falhas >= 0),
    erro         text
  )`;

const TRANSACOES = `
  create table transacoes (
    id           text primary key,
    pagamento_id text not null references pagamentos (id),
    reserva_id   text not null,
    cliente_id   text not null,
    tipo         text not null check (tipo in ('CAPTURA', 'ESTORNO')),
    centavos     bigint not null check (centavos > 0),
    moeda        text not null check (moeda ~ '^[A-Z]{3}$'),
    ocorrida_em  timestamptz not null
  )`;

const SO_ACRESCENTAR = `
  create function so_acrescentar() returns trigger language plpgsql as $$
  begin
    raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
  end $$`;
