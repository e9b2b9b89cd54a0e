import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Store credit pays charges and comes back with refunds; the ledger guards more of what must hold. */
export class CreditosNasCobrancas1764000000007 implements MigrationInterface {
  readonly name = 'CreditosNasCobrancas1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await this.#pagamentos(runner);
    await this.#movimentos(runner);
    await runner.query('create index creditos_lancamentos_conta_ix on creditos_lancamentos (conta, lote)');
    await runner.query('create index creditos_lancamentos_lote_ix on creditos_lancamentos (lote, conta)');
    await runner.query(EQUILIBRIO_POR_LOTE);
    await runner.query(RETIDO);
    await runner.query(`
      create trigger creditos_lancamentos_retido after insert on creditos_lancamentos
      for each row when (new.conta like 'pagamento:%') execute function exigir_credito_retido()`);
    await runner.query(LOTE_CONGELADO);
    await runner.query(`
      create trigger creditos_lotes_congelados before update or delete on creditos_lotes
      for each row execute function manter_lote_de_credito()`);
    await runner.query(RESTANTE);
    await runner.query(`
      create constraint trigger creditos_lotes_restante after insert or update of restante on creditos_lotes
      deferrable initially deferred for each row execute function exigir_restante()`);
  }

  /** The two parts of a payment, and of its refunds. */
  async #pagamentos(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pagamentos
        add column creditos bigint not null default 0,
        add column comprometido_creditos bigint not null default 0,
        add column creditos_retidos bigint not null default 0,
        add constraint pagamentos_creditos_ck check
          (creditos between 0 and centavos and creditos_retidos between 0 and creditos),
        add constraint pagamentos_partes_ck check
          (comprometido_creditos between 0 and creditos
            and comprometido - comprometido_creditos between 0 and centavos - creditos),
        drop constraint pagamentos_capturado_ck,
        add constraint pagamentos_pago_ck check
          ((status in ('PENDENTE', 'RECUSADO', 'CANCELADO')) = (aprovado_em is null)
            and (intencao_id is null or aprovado_em is not null)
            and (aprovado_em is null or intencao_id is not null or creditos = centavos))`);
    await runner.query(
      'create index pagamentos_creditos_ix on pagamentos (atualizado_em) where creditos > 0',
    );
    await runner.query(`
      alter table estornos add column meio text not null default 'CARTAO',
        add constraint estornos_meio_ck check (meio = 'CARTAO' or meio = 'CREDITO' and refund_id is null)`);
  }

  async #movimentos(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table transacoes
        alter column pagamento_id drop not null,
        alter column reserva_id drop not null,
        drop constraint transacoes_tipo_ck,
        add constraint transacoes_tipo_ck check (tipo in ('CAPTURA', 'ESTORNO', 'ESTORNO_DEVOLVIDO',
          'CREDITO_USADO', 'CREDITO_DEVOLVIDO', 'CREDITO_CONCEDIDO', 'CREDITO_EXPIRADO')),
        add constraint transacoes_pagamento_ck check
          ((tipo in ('CREDITO_CONCEDIDO', 'CREDITO_EXPIRADO')) = (pagamento_id is null)
            and (pagamento_id is null or reserva_id is not null))`);
    await runner.query(MOVIMENTOS_DE_ANTES);
  }

  /** Only while no charge was paid by credit. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger creditos_lotes_restante on creditos_lotes');
    await runner.query('drop trigger creditos_lotes_congelados on creditos_lotes');
    await runner.query('drop trigger creditos_lancamentos_retido on creditos_lancamentos');
    await runner.query('drop function exigir_restante(), manter_lote_de_credito(), exigir_credito_retido()');
    await runner.query(EQUILIBRIO);
    await runner.query('drop index creditos_lancamentos_lote_ix, creditos_lancamentos_conta_ix');
    await runner.query('alter table transacoes disable trigger transacoes_so_acrescentar');
    await runner.query('delete from transacoes where pagamento_id is null');
    await runner.query('alter table transacoes enable trigger transacoes_so_acrescentar');
    await runner.query(`
      alter table transacoes
        drop constraint transacoes_pagamento_ck,
        drop constraint transacoes_tipo_ck,
        add constraint transacoes_tipo_ck check (tipo in ('CAPTURA', 'ESTORNO', 'ESTORNO_DEVOLVIDO')),
        alter column pagamento_id set not null,
        alter column reserva_id set not null`);
    await runner.query('alter table estornos drop column meio');
    await runner.query(`
      alter table pagamentos
        drop constraint pagamentos_pago_ck,
        drop column creditos,
        drop column comprometido_creditos,
        drop column creditos_retidos,
        add constraint pagamentos_capturado_ck check (
          (status in ('PENDENTE', 'RECUSADO', 'CANCELADO')) = (intencao_id is null)
          and (intencao_id is null) = (aprovado_em is null))`);
  }
}

// Credit that was given and that expired before movements told of it.
const MOVIMENTOS_DE_ANTES = `
  insert into transacoes (id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
  select l.transacao, case when l.lote like 'bonus:%' and l.conta = 'plataforma:bonus' then substr(l.lote, 7) end,
    t.cliente_id, case l.conta when 'plataforma:bonus' then 'CREDITO_CONCEDIDO' else 'CREDITO_EXPIRADO' end,
    abs(l.centavos), 'BRL', l.em
  from creditos_lancamentos l join creditos_lotes t on t.id = l.lote
  where l.conta in ('plataforma:bonus', 'plataforma:expirados')`;

const EQUILIBRIO = `
  create or replace function exigir_equilibrio() returns trigger language plpgsql as $$
  begin
    if (select sum(centavos) from creditos_lancamentos where transacao = new.transacao) <> 0 then
      raise exception 'entries of % do not add up to zero', new.transacao using errcode = 'restrict_violation';
    end if;
    return null;
  end $$`;

// Each lot for itself: what one loses is not made up for by another.
const EQUILIBRIO_POR_LOTE = `
  create or replace function exigir_equilibrio() returns trigger language plpgsql as $$
  begin
    if (select sum(centavos) from creditos_lancamentos
        where transacao = new.transacao and lote = new.lote) <> 0 then
      raise exception 'entries of % do not add up to zero', new.transacao using errcode = 'restrict_violation';
    end if;
    return null;
  end $$`;

// The row of the lot is locked first, so that of two who give back the same credit the second sees the first.
const RETIDO = `
  create function exigir_credito_retido() returns trigger language plpgsql as $$
  begin
    perform from creditos_lotes where id = new.lote for update;
    if (select sum(centavos) from creditos_lancamentos where conta = new.conta and lote = new.lote) < 0 then
      raise exception 'more of lot % leaves % than came in', new.lote, new.conta using errcode = 'restrict_violation';
    end if;
    return null;
  end $$`;

const LOTE_CONGELADO = `
  create function manter_lote_de_credito() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' or (old.id, old.cliente_id, old.centavos, old.criado_em, old.expira_em)
        is distinct from (new.id, new.cliente_id, new.centavos, new.criado_em, new.expira_em) then
      raise exception 'lot % is frozen', old.id using errcode = 'restrict_violation';
    end if;
    return new;
  end $$`;

// Deferred, so that entries and what they add up to may come in any order.
const RESTANTE = `
  create function exigir_restante() returns trigger language plpgsql as $$
  begin
    if (select t.restante from creditos_lotes t where t.id = new.id) <>
       (select coalesce(sum(centavos), 0) from creditos_lancamentos where lote = new.id and conta like 'cliente:%') then
      raise exception 'lot % does not hold what its entries say', new.id using errcode = 'restrict_violation';
    end if;
    return null;
  end $$`;
