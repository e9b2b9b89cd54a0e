import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The history is read by person, is copied to MongoDB where there is one, and ends after years: nothing that is younger than a
 * year, or still to be copied, can be deleted by anybody.
 */
export class HistoricoCopiado1765000000320 implements MigrationInterface {
  readonly name = 'HistoricoCopiado1765000000320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index historico_notificacoes_cliente_ix
      on historico_notificacoes (cliente_id, ocorrido_em desc, notificacao_id desc, sequencia desc)`);
    // Records are added in the order of their time: a range of it is a few pages.
    await runner.query(
      'create index historico_notificacoes_ocorrido_ix on historico_notificacoes using brin (ocorrido_em)',
    );
    await runner.query(`
      create table historico_a_copiar (
        notificacao_id text not null,
        sequencia      integer not null,
        desde          timestamptz not null default now(),
        tentar_em      timestamptz not null default now(),
        falhas         integer not null default 0 check (falhas >= 0),
        erro           text,
        primary key (notificacao_id, sequencia)
      )`);
    await runner.query('create index historico_a_copiar_ix on historico_a_copiar (tentar_em)');
    await runner.query(`
      create table historico_migracao (
        unica          boolean primary key default true check (unica),
        notificacao_id text not null,
        sequencia      integer not null,
        copiados       bigint not null check (copiados >= 0),
        concluida_em   timestamptz
      )`);
    await this.#permitirFim(runner);
  }

  async #permitirFim(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function historico_notificacoes_so_termina() returns trigger language plpgsql as $$
      begin
        if old.ocorrido_em < now() - interval '1 year' and not exists (
          select from historico_a_copiar
          where notificacao_id = old.notificacao_id and sequencia = old.sequencia) then
          return old;
        end if;
        raise exception 'historico_notificacoes is append-only' using errcode = 'restrict_violation';
      end $$`);
    await this.#guardar(runner, 'truncate');
    await runner.query(`
      create trigger historico_notificacoes_so_termina before delete on historico_notificacoes
      for each row execute function historico_notificacoes_so_termina()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger historico_notificacoes_so_termina on historico_notificacoes');
    await runner.query('drop function historico_notificacoes_so_termina()');
    await this.#guardar(runner, 'delete or truncate');
    await runner.query('drop table historico_migracao, historico_a_copiar');
    await runner.query('drop index historico_notificacoes_ocorrido_ix, historico_notificacoes_cliente_ix');
  }

  async #guardar(runner: QueryRunner, oque: string): Promise<void> {
    await runner.query('drop trigger historico_notificacoes_so_acrescenta on historico_notificacoes');
    await runner.query(`
      create trigger historico_notificacoes_so_acrescenta
      before ${oque} on historico_notificacoes
      for each statement execute function historico_notificacoes_so_acrescenta()`);
  }
}
