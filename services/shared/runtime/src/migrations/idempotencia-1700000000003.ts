import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers kept for replay under an `Idempotency-Key`. */
export class Idempotencia1700000000003 implements MigrationInterface {
  readonly name = 'Idempotencia1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table idempotencia (
        escopo    text not null,
        chave     text not null,
        metodo    text not null,
        impressao bytea not null,
        estado    text not null check (estado in ('EM_ANDAMENTO', 'CONCLUIDA')),
        codigo    integer,
        resposta  bytea,
        posse     uuid not null,
        posse_ate timestamptz not null,
        criado_em timestamptz not null default now(),
        expira_em timestamptz not null,
        primary key (escopo, chave)
      )`);
    await runner.query('create index idempotencia_expira_ix on idempotencia (expira_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotencia');
  }
}
