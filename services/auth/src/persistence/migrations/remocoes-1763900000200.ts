import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables whose rows let somebody into an account, or tell of it: none is added to an account that is gone. */
const DE_CONTAS = ['fatores', 'codigos_recuperacao', 'vinculos', 'redefinicoes_senha'];

/**
 * Accounts that are gone, and what each service has answered about the person's data. The row of the account stays as a stone
 * without a name, so that its id is never given again. A program from before this migration finds it superseded and suspended.
 */
export class Remocoes1763900000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Finds what was announced about a person, to take it out. First: until it is built announcements wait, but reads of accounts,
    // logins among them, do not; from the next statement to the end of this migration they wait too.
    await queryRunner.query(`create index outbox_pessoa on outbox ((payload ->> 'usuarioId'))`);
    await queryRunner.query('alter table usuarios add column removida_em timestamptz');
    // No account is gone yet, so none could break it: not looked for, since everybody would wait for that.
    await queryRunner.query(`
      alter table usuarios add constraint usuarios_removida check (removida_em is null or (
        nome = 'Conta removida' and email = 'removida@invalid' and senha_hash is null and not ativo
        and substituida_em is not null and papeis = '{CLIENTE}'
        and cadastro_impressao is null and cadastro_repetido_em is null)) not valid`);
    await queryRunner.query(`
      create table remocoes (
        usuario_id text primary key references usuarios (id),
        -- 192 random bits: who has it may read the report.
        protocolo text not null unique check (length(protocolo) = 32),
        por text not null check (por in ('TITULAR', 'ADMINISTRADOR')),
        pedida_em timestamptz(3) not null,
        concluida_em timestamptz(3) check (concluida_em >= pedida_em)
      )`);
    await queryRunner.query('create index remocoes_pedida_em on remocoes (pedida_em desc, usuario_id desc)');
    await queryRunner.query(`
      create index remocoes_pendentes on remocoes (pedida_em desc, usuario_id desc) where concluida_em is null`);
    await queryRunner.query(`
      create table remocoes_partes (
        usuario_id text not null references remocoes (usuario_id),
        servico text not null check (servico in ('auth', 'reservas', 'pagamentos', 'notificacoes')),
        itens jsonb not null check (jsonb_typeof(itens) = 'array'),
        -- When the service was done; auth writes down before what its transaction has erased.
        concluida_em timestamptz(3),
        primary key (usuario_id, servico)
      )`);
    await this.#entrada(queryRunner, 'senha_hash is null and removida_em is null');
    // The row is locked first and looked at then: a removal that is under way is waited for, which a condition would not find.
    await queryRunner.query(`
      create function usuarios_sem_removidas() returns trigger language plpgsql as $$
      declare
        quando timestamptz;
      begin
        select removida_em into quando from usuarios where id = new.usuario_id for share;
        if quando is not null then
          raise exception 'account % is gone', new.usuario_id using errcode = 'check_violation', constraint = 'usuarios_sem_removidas';
        end if;
        return new;
      end $$`);
    for (const tabela of DE_CONTAS)
      await queryRunner.query(`
        create trigger ${tabela}_sem_removidas before insert or update of usuario_id on ${tabela}
        for each row execute function usuarios_sem_removidas()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index outbox_pessoa');
    for (const tabela of DE_CONTAS)
      await queryRunner.query(`drop trigger ${tabela}_sem_removidas on ${tabela}`);
    await queryRunner.query('drop function usuarios_sem_removidas()');
    await this.#entrada(queryRunner, 'senha_hash is null');
    await queryRunner.query('drop table remocoes_partes, remocoes');
    await queryRunner.query(
      'alter table usuarios drop constraint usuarios_removida, drop column removida_em',
    );
  }

  /** @param sem when an account has to have a link */
  async #entrada(queryRunner: QueryRunner, sem: string): Promise<void> {
    await queryRunner.query(`
      create or replace function usuarios_tem_entrada() returns trigger language plpgsql as $$
      declare
        conta text;
        sem_senha boolean;
      begin
        if tg_table_name = 'usuarios' then conta := new.id; else conta := old.usuario_id; end if;
        select ${sem} into sem_senha from usuarios where id = conta for no key update;
        if sem_senha and not exists (select 1 from vinculos where usuario_id = conta) then
          raise exception 'an account needs a way in' using errcode = 'check_violation', constraint = 'usuarios_tem_entrada';
        end if;
        return null;
      end $$`);
  }
}
