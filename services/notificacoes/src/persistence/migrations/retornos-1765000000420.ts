import type { MigrationInterface, QueryRunner } from 'typeorm';

const ANTES = `'CRIADA', 'ENVIADA', 'TENTATIVA_FALHOU', 'FALHOU', 'SUPRIMIDA'`;

/** What providers tell of messages that they took, where each message is by that, and the addresses that take none. */
export class Retornos1765000000420 implements MigrationInterface {
  readonly name = 'Retornos1765000000420';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table retornos (
        provedor       text not null check (provedor in ('sendgrid', 'resend', 'twilio')),
        evento_id      text not null check (length(evento_id) between 1 and 200),
        notificacao_id text not null,
        situacao       text not null check (
          situacao in ('ATRASADA', 'ENTREGUE', 'NAO_ENTREGUE', 'DEVOLVIDA', 'RECLAMADA', 'DESCADASTRADA')),
        descadastra    boolean not null,
        -- SHA-256 of the address, as long as it is not dealt with.
        endereco       bytea,
        detalhe        text not null check (length(detalhe) <= 100),
        ocorrido_em    timestamptz not null,
        recebido_em    timestamptz not null,
        -- Null once it is dealt with.
        tentar_em      timestamptz,
        tentativas     integer not null default 0 check (tentativas >= 0),
        primary key (provedor, evento_id),
        constraint retornos_endereco_ck check (tentar_em is not null or endereco is null)
      )`);
    await runner.query(
      'create index retornos_devidos_ix on retornos (tentar_em) where tentar_em is not null',
    );
    await runner.query('create index retornos_recebido_ix on retornos (recebido_em)');
    await runner.query('create index retornos_notificacao_ix on retornos (notificacao_id)');
    await runner.query(`
      alter table notificacoes
        -- What the provider that took it has told; null when nothing.
        add column entrega text
          check (entrega in ('ATRASADA', 'ENTREGUE', 'NAO_ENTREGUE', 'DEVOLVIDA', 'RECLAMADA')),
        add column entrega_em timestamptz,
        add constraint notificacoes_entrega_ck check ((entrega is null) = (entrega_em is null))`);
    await this.#admitir(
      runner,
      `${ANTES}, 'ENTREGUE', 'NAO_ENTREGUE', 'DEVOLVIDA', 'RECLAMADA', 'DESCADASTRADA'`,
    );
    await this.#contatos(runner);
  }

  /**
   * Whatever copy of the service writes another address, an address that is proved anew or a removal: what was known of the address
   * before is over.
   */
  async #contatos(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table contatos
        -- Messages to the address come back; null when they do not.
        add column devolve_desde timestamptz,
        add column devolve_motivo text check (length(devolve_motivo) <= 100),
        add constraint contatos_devolve_ck check (
          (devolve_desde is null) = (devolve_motivo is null) and (devolve_desde is null or email is not null))`);
    await runner.query(`
      create index contatos_devolve_ix on contatos (devolve_desde desc, usuario_id desc)
      where devolve_desde is not null`);
    await runner.query(`
      create function contatos_devolve_do_endereco() returns trigger language plpgsql as $$
      begin
        if new.email is distinct from old.email or (new.email_verificado and not old.email_verificado) then
          new.devolve_desde := null;
          new.devolve_motivo := null;
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger contatos_devolve_do_endereco before update on contatos
      for each row when (old.devolve_desde is not null)
      execute function contatos_devolve_do_endereco()`);
  }

  /** Refuses, and changes nothing, while there are records that the older schema cannot hold. */
  async down(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, ANTES);
    await runner.query(
      'alter table historico_notificacoes validate constraint historico_notificacoes_tipo_check',
    );
    await runner.query('drop trigger contatos_devolve_do_endereco on contatos');
    await runner.query('drop function contatos_devolve_do_endereco()');
    await runner.query('alter table contatos drop column devolve_desde, drop column devolve_motivo');
    await runner.query('alter table notificacoes drop column entrega, drop column entrega_em');
    await runner.query('drop table retornos');
  }

  /** What is there was admitted by a narrower list, and need not be looked through. */
  async #admitir(runner: QueryRunner, tipos: string): Promise<void> {
    await runner.query(`
      alter table historico_notificacoes
        drop constraint historico_notificacoes_tipo_check,
        add constraint historico_notificacoes_tipo_check check (tipo in (${tipos})) not valid`);
  }
}
