import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Store credit: a ledger with two sides to every movement. */
export class Creditos1764000000006 implements MigrationInterface {
  readonly name = 'Creditos1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOTES);
    await runner.query('create index creditos_lotes_cliente_ix on creditos_lotes (cliente_id, criado_em)');
    await runner.query(
      'create index creditos_lotes_vencer_ix on creditos_lotes (expira_em) where restante > 0',
    );
    await runner.query(LANCAMENTOS);
    await runner.query(SALDO);
    await runner.query(EQUILIBRIO);
    await runner.query(`
      create trigger creditos_lancamentos_so_acrescentar before update or delete or truncate on creditos_lancamentos
      for each statement execute function so_acrescentar()`);
    await runner.query(`
      create trigger creditos_lancamentos_saldo after insert on creditos_lancamentos
      for each row execute function somar_ao_lote_de_credito()`);
    await runner.query(`
      create constraint trigger creditos_lancamentos_equilibrio after insert on creditos_lancamentos
      deferrable initially deferred for each row execute function exigir_equilibrio()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table creditos_lancamentos, creditos_lotes');
    await runner.query('drop function exigir_equilibrio(), somar_ao_lote_de_credito()');
  }
}

// One lot per reason to give credit, so the reason is its identity. The rest is what its entries add up to.
const LOTES = `
  create table creditos_lotes (
    id         text primary key,
    cliente_id text not null,
    centavos   bigint not null check (centavos > 0),
    restante   bigint not null default 0,
    criado_em  timestamptz not null,
    expira_em  timestamptz not null,
    constraint creditos_lotes_restante_ck check (restante between 0 and centavos)
  )`;

const LANCAMENTOS = `
  create table creditos_lancamentos (
    id        bigint generated always as identity primary key,
    transacao text not null,
    lote      text not null references creditos_lotes (id),
    conta     text not null check (conta ~ '^(cliente|pagamento|plataforma):'),
    centavos  bigint not null check (centavos <> 0),
    em        timestamptz not null,
    constraint creditos_lancamentos_uq unique (transacao, lote, conta)
  )`;

// The row of the lot is locked by its update, so two who spend the same credit wait for each other, and the check on
// the rest refuses the one who comes too late.
const SALDO = `
  create function somar_ao_lote_de_credito() returns trigger language plpgsql as $$
  begin
    if new.conta like 'cliente:%' then
      update creditos_lotes set restante = restante + new.centavos
      where id = new.lote and 'cliente:' || cliente_id = new.conta;
      if not found then
        raise exception 'lot % is not of %', new.lote, new.conta using errcode = 'restrict_violation';
      end if;
    end if;
    return null;
  end $$`;

const EQUILIBRIO = `
  create function exigir_equilibrio() returns trigger language plpgsql as $$
  begin
    if (select sum(centavos) from creditos_lancamentos where transacao = new.transacao) <> 0 then
      raise exception 'entries of % do not add up to zero', new.transacao using errcode = 'restrict_violation';
    end if;
    return null;
  end $$`;
