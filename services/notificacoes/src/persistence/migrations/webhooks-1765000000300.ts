import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events for programs of others: who is told of what, what happened, and how far each telling is. */
export class Webhooks1765000000300 implements MigrationInterface {
  readonly name = 'Webhooks1765000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhooks (
        id                 text primary key check (id ~ '^whk_[0-9A-Za-z]+$'),
        dono_id            text not null,
        nome               text not null,
        url                text not null check (length(url) <= 2048),
        tipos              text[] not null check (cardinality(tipos) > 0),
        -- Of all spaces when empty.
        espacos            text[] not null,
        assinatura         text not null check (assinatura in ('HMAC', 'ED25519')),
        -- Sealed, like the one before.
        chave              bytea not null,
        chave_anterior     bytea,
        chave_anterior_ate timestamptz,
        -- Null: events are sent.
        desativado_por     text check (desativado_por in ('PEDIDO', 'FALHAS', 'GONE', 'DONO_SEM_ACESSO')),
        falhas             integer not null default 0 check (falhas >= 0),
        falhando_desde     timestamptz,
        pausado_ate        timestamptz,
        posse              uuid,
        posse_ate          timestamptz,
        atendido_em        timestamptz,
        criado_em          timestamptz not null,
        constraint webhooks_falhando check ((falhas = 0) = (falhando_desde is null)),
        constraint webhooks_chave_anterior check ((chave_anterior is null) = (chave_anterior_ate is null))
      )`);
    await runner.query('create index webhooks_dono_ix on webhooks (dono_id)');
    await runner.query(`
      create table webhook_reservas (
        reserva_id text primary key,
        espaco_id  text not null
      )`);
    await runner.query(`
      create table webhook_eventos (
        id          text primary key,
        sequencia   bigint generated always as identity,
        tipo        text not null,
        -- Aggregate and its version: the order in which it is told.
        chave       text not null,
        versao      integer not null,
        reserva_id  text not null,
        -- Null while the reservation of a payment is not known.
        espaco_id   text,
        ocorrido_em timestamptz not null,
        recebido_em timestamptz not null,
        corpo       text not null
      )`);
    await runner.query(
      'create index webhook_eventos_recebido_ix on webhook_eventos (recebido_em, sequencia)',
    );
    await runner.query(
      `create index webhook_eventos_sem_espaco_ix on webhook_eventos (reserva_id) where espaco_id is null`,
    );
    await runner.query(`
      create table webhook_entregas (
        webhook_id   text not null references webhooks on delete cascade,
        evento_id    text not null references webhook_eventos on delete cascade,
        sequencia    bigint generated always as identity,
        chave        text not null,
        versao       integer not null,
        situacao     text not null default 'PENDENTE' check (situacao in ('PENDENTE', 'ENTREGUE', 'DESISTIDA')),
        tentativas   integer not null default 0,
        tentar_em    timestamptz not null,
        -- When the three days began.
        desde        timestamptz not null,
        criada_em    timestamptz not null,
        ultima_em    timestamptz,
        status_http  integer not null default 0,
        duracao_ms   integer not null default 0,
        erro         text not null default '',
        resposta     text not null default '',
        primary key (webhook_id, evento_id)
      )`);
    await runner.query('create index webhook_entregas_evento_ix on webhook_entregas (evento_id)');
    await runner.query('create index webhook_entregas_lista_ix on webhook_entregas (webhook_id, sequencia)');
    await runner.query(`
      create index webhook_entregas_devidas_ix on webhook_entregas (webhook_id, tentar_em)
      where situacao = 'PENDENTE'`);
    await runner.query(`
      create index webhook_entregas_ordem_ix on webhook_entregas (webhook_id, chave, versao, sequencia)
      where situacao = 'PENDENTE'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_entregas');
    await runner.query('drop table webhook_eventos');
    await runner.query('drop table webhook_reservas');
    await runner.query('drop table webhooks');
  }
}
