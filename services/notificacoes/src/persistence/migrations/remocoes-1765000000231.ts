import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * People who are gone, and what has been erased of them: auth is told once the last message to them has been sent, or given up.
 * The history still only grows, but for the masked addresses of such a person.
 */
export class Remocoes1765000000231 implements MigrationInterface {
  readonly name = 'Remocoes1765000000231';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table remocoes (
        usuario_id   text primary key,
        -- The last message; null when there is no address to send one to.
        mensagem_id  text,
        itens        jsonb not null check (jsonb_typeof(itens) = 'array'),
        pedida_em    timestamptz not null,
        concluida_em timestamptz
      )`);
    await runner.query(
      'create index remocoes_pendentes_ix on remocoes (pedida_em) where concluida_em is null',
    );
    await runner.query(`
      create function historico_notificacoes_so_esquece() returns trigger language plpgsql as $$
      begin
        if new.destino = '' and to_jsonb(new) - 'destino' = to_jsonb(old) - 'destino'
          and exists (select from contatos where usuario_id = old.cliente_id and removido_em is not null) then
          return new;
        end if;
        raise exception 'historico_notificacoes is append-only' using errcode = 'restrict_violation';
      end $$`);
    await this.#guardar(runner, 'delete or truncate');
    await runner.query(`
      create trigger historico_notificacoes_so_esquece before update on historico_notificacoes
      for each row execute function historico_notificacoes_so_esquece()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger historico_notificacoes_so_esquece on historico_notificacoes');
    await runner.query('drop function historico_notificacoes_so_esquece()');
    await this.#guardar(runner, 'update or delete or truncate');
    await runner.query('drop table remocoes');
  }

  async #guardar(runner: QueryRunner, oque: string): Promise<void> {
    await runner.query('drop trigger historico_notificacoes_so_acrescenta on historico_notificacoes');
    await runner.query(`
      create trigger historico_notificacoes_so_acrescenta
      before ${oque} on historico_notificacoes
      for each statement execute function historico_notificacoes_so_acrescenta()`);
  }
}
