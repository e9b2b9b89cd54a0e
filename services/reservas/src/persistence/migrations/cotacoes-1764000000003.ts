import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotes: promises, so nobody changes them. */
export class Cotacoes1764000000003 implements MigrationInterface {
  readonly name = 'Cotacoes1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cotacoes (
        id             text primary key check (id ~ '^cot_[0-9A-Za-z]+$'),
        cliente_id     text not null,
        espaco_id      text not null references espacos,
        data_inicio    timestamptz not null,
        data_fim       timestamptz not null check (data_fim > data_inicio),
        extras         jsonb not null check (jsonb_typeof(extras) = 'array'),
        preco          jsonb not null check (jsonb_typeof(preco) = 'array'),
        valor_centavos bigint not null check (valor_centavos = soma_das_linhas(preco)),
        moeda          text not null check (moeda = 'BRL'),
        criada_em      timestamptz not null,
        valida_ate     timestamptz not null check (valida_ate > criada_em)
      )`);
    await runner.query('create index cotacoes_criada_ix on cotacoes (criada_em)');
    await runner.query(`
      create trigger cotacoes_somente_insercao before update or delete or truncate on cotacoes
      for each statement execute function recusar_mudanca()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table cotacoes');
  }
}
