import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What may be off: everything but what is always told by e-mail. */
const PODE_DESLIGAR = `
  'RESERVAS/SMS', 'RESERVAS/PUSH', 'PAGAMENTOS/EMAIL', 'PAGAMENTOS/SMS', 'PAGAMENTOS/PUSH', 'ESTORNOS/SMS', 'ESTORNOS/PUSH',
  'LEMBRETES/EMAIL', 'LEMBRETES/SMS', 'LEMBRETES/PUSH', 'FILA_DE_ESPERA/SMS', 'FILA_DE_ESPERA/PUSH',
  'CREDITOS/EMAIL', 'CREDITOS/SMS', 'CREDITOS/PUSH', 'SEGURANCA/SMS', 'SEGURANCA/PUSH'`;

/**
 * Choices for groups of messages on each channel, the language, and who has changed what. Rows of before keep what they say:
 * `email`, `sms` and `push` switch whole channels, and `lembretes` the reminder on all of them.
 */
export class PreferenciasPorGrupo1765000000430 implements MigrationInterface {
  readonly name = 'PreferenciasPorGrupo1765000000430';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table preferencias
        add column desligadas text[] not null default '{}',
        add column idioma text not null default 'pt-BR',
        add constraint preferencias_desligadas_ck check (desligadas <@ array[${PODE_DESLIGAR}]),
        -- All reminders are off by "lembretes": there is one way to say it.
        add constraint preferencias_lembretes_ck check (
          not desligadas @> array['LEMBRETES/EMAIL', 'LEMBRETES/SMS', 'LEMBRETES/PUSH']),
        add constraint preferencias_idioma_ck check (idioma ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$')`);
    await runner.query(`
      create table mudancas_de_preferencia (
        id         bigint generated always as identity primary key,
        cliente_id text not null,
        em         timestamptz not null,
        por        text not null check (por in ('PESSOA', 'LINK', 'RECLAMACAO', 'PROVEDOR')),
        campo      text not null check (length(campo) between 1 and 40),
        valor      text not null check (length(valor) <= 80)
      )`);
    await runner.query(
      'create index mudancas_de_preferencia_cliente_ix on mudancas_de_preferencia (cliente_id, id)',
    );
    await this.#soAcrescenta(runner);
  }

  /** Erased with the person, and by nobody before. */
  async #soAcrescenta(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function mudancas_de_preferencia_so_acrescenta() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and exists (
          select from contatos where usuario_id = old.cliente_id and removido_em is not null) then
          return old;
        end if;
        raise exception 'mudancas_de_preferencia is append-only' using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create trigger mudancas_de_preferencia_so_acrescenta before update or delete on mudancas_de_preferencia
      for each row execute function mudancas_de_preferencia_so_acrescenta()`);
    await runner.query(`
      create trigger mudancas_de_preferencia_nunca_vazia before truncate on mudancas_de_preferencia
      for each statement execute function mudancas_de_preferencia_so_acrescenta()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mudancas_de_preferencia');
    await runner.query('drop function mudancas_de_preferencia_so_acrescenta()');
    await runner.query('alter table preferencias drop column desligadas, drop column idioma');
  }
}
