import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Charges that are to be closed, and refunds. */
export class EncerramentosEstornos1764000000003 implements MigrationInterface {
  readonly name = 'EncerramentosEstornos1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table encerramentos_pendentes (
        pagamento_id text primary key references pagamentos (id),
        tentar_em    timestamptz not null,
        falhas       integer not null default 0 check (falhas >= 0),
        erro         text
      )`);
    await runner.query(
      'create index encerramentos_pendentes_tentar_em_ix on encerramentos_pendentes (tentar_em)',
    );
    await runner.query(ESTORNOS);
    await runner.query(
      'create index estornos_tentar_em_ix on estornos (tentar_em) where tentar_em is not null',
    );
    await runner.query(`
      alter table pagamentos
        add column comprometido bigint not null default 0,
        add constraint pagamentos_comprometido_ck check (estornado <= comprometido and comprometido <= centavos),
        drop constraint pagamentos_centavos_check,
        add constraint pagamentos_centavos_ck check (centavos > 0 or centavos = 0 and status = 'CANCELADO')`);
    await runner.query(`
      alter table transacoes
        drop constraint transacoes_tipo_check,
        add constraint transacoes_tipo_ck check (tipo in ('CAPTURA', 'ESTORNO', 'ESTORNO_DEVOLVIDO'))`);
  }

  /** Only while there is no charge and no movement of the new kinds. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table transacoes drop constraint transacoes_tipo_ck,
        add constraint transacoes_tipo_check check (tipo in ('CAPTURA', 'ESTORNO'))`);
    await runner.query(`
      alter table pagamentos drop constraint pagamentos_centavos_ck, drop column comprometido,
        add constraint pagamentos_centavos_check check (centavos > 0)`);
    await runner.query('drop table estornos, encerramentos_pendentes');
  }
}

// tentar_em: when to ask the provider (again); null once there is nothing left to ask.
const ESTORNOS = `
  create table estornos (
    pagamento_id  text not null references pagamentos (id),
    numero        integer not null check (numero > 0),
    centavos      bigint not null check (centavos > 0),
    moeda         text not null check (moeda ~ '^[A-Z]{3}$'),
    origem        text not null check (origem in ('CANCELAMENTO', 'NAO_APROVEITADO', 'ADMIN', 'PROVEDOR')),
    situacao      text not null check (situacao in ('SOLICITADO', 'PENDENTE', 'CONCLUIDO', 'FALHOU')),
    refund_id     text,
    solicitado_em timestamptz not null,
    tentar_em     timestamptz,
    falhas        integer not null default 0 check (falhas >= 0),
    erro          text,
    primary key (pagamento_id, numero),
    constraint estornos_refund_uq unique (refund_id),
    constraint estornos_tentar_em_ck check ((situacao in ('SOLICITADO', 'PENDENTE')) = (tentar_em is not null))
  )`;
