import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts, messages and their history. */
export class Notificacoes1765000000001 implements MigrationInterface {
  readonly name = 'Notificacoes1765000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table contatos (
        usuario_id    text primary key,
        nome          text,
        email         text,
        versao        integer not null check (versao >= 0),
        atualizado_em timestamptz not null,
        removido_em   timestamptz,
        -- Whoever is gone leaves neither name nor address behind.
        constraint contatos_dados_ck check (
          case when removido_em is null then nome is not null and email is not null
          else nome is null and email is null end
        )
      )`);
    await runner.query(`
      create table notificacoes (
        id            text primary key,
        cliente_id    text not null,
        canal         text not null check (canal in ('EMAIL', 'SMS', 'PUSH')),
        modelo        text not null check (modelo in ('RESERVA_CONFIRMADA')),
        reserva_id    text not null,
        assunto       text not null,
        dados         jsonb not null,
        -- Masked: whole addresses are in contatos only.
        destino       text,
        status        text not null check (status in ('PENDENTE', 'ENVIADA', 'FALHOU', 'SUPRIMIDA')),
        versao        integer not null check (versao > 0),
        recusas       integer not null default 0 check (recusas >= 0),
        adiamentos    integer not null default 0 check (adiamentos >= 0),
        -- Due from then on; while it is leased, the end of the lease.
        disponivel_em timestamptz not null,
        posse         uuid,
        criada_em     timestamptz not null,
        enviada_em    timestamptz,
        constraint notificacoes_uma_por_fato_uq unique (reserva_id, modelo, canal),
        constraint notificacoes_enviada_ck check ((status = 'ENVIADA') = (enviada_em is not null)),
        constraint notificacoes_posse_ck check (posse is null or status = 'PENDENTE')
      )`);
    await runner.query(
      `create index notificacoes_fila_ix on notificacoes (disponivel_em) where status = 'PENDENTE'`,
    );
    await runner.query(
      'create index notificacoes_cliente_ix on notificacoes (cliente_id, criada_em desc, id desc)',
    );
    await runner.query('create index notificacoes_criada_ix on notificacoes (criada_em desc)');
    await this.#history(runner);
  }

  async #history(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table historico_notificacoes (
        notificacao_id text not null,
        sequencia      integer not null check (sequencia > 0),
        cliente_id     text not null,
        canal          text not null,
        modelo         text not null,
        reserva_id     text not null,
        tipo           text not null check (tipo in ('CRIADA', 'ENVIADA', 'TENTATIVA_FALHOU', 'FALHOU', 'SUPRIMIDA')),
        destino        text not null,
        detalhe        text not null,
        ocorrido_em    timestamptz not null,
        primary key (notificacao_id, sequencia)
      )`);
    await runner.query(`
      create function historico_notificacoes_so_acrescenta() returns trigger language plpgsql as $$
      begin
        raise exception 'historico_notificacoes is append-only' using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create trigger historico_notificacoes_so_acrescenta
      before update or delete or truncate on historico_notificacoes
      for each statement execute function historico_notificacoes_so_acrescenta()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table historico_notificacoes, notificacoes, contatos');
    await runner.query('drop function historico_notificacoes_so_acrescenta()');
  }
}
