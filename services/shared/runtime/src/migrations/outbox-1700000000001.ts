import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events waiting for the relay, written in the transaction of the effect they announce. */
export class Outbox1700000000001 implements MigrationInterface {
  readonly name = 'Outbox1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        id              uuid primary key,
        posicao         bigint generated always as identity unique,
        agregado_tipo   text not null,
        agregado_id     text not null,
        agregado_versao integer not null,
        assunto         text not null,
        payload         jsonb not null,
        cabecalhos      jsonb not null default '{}',
        criado_em       timestamptz not null default now(),
        enviado_em      timestamptz,
        tentativas      integer not null default 0,
        -- Two writers that both believe to have made this version: the second transaction must fail.
        constraint outbox_agregado_uq unique (agregado_tipo, agregado_id, agregado_versao, assunto)
      )`);
    await runner.query('create index outbox_pendente_ix on outbox (posicao) where enviado_em is null');
    await runner.query('create index outbox_enviado_ix on outbox (enviado_em) where enviado_em is not null');
    await runner.query(`
      create function outbox_avisar() returns trigger language plpgsql as $$
      begin
        perform pg_notify('outbox', '');
        return null;
      end $$`);
    await runner.query(`
      create trigger outbox_avisar after insert on outbox
      for each statement execute function outbox_avisar()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox');
    await runner.query('drop function outbox_avisar()');
  }
}
