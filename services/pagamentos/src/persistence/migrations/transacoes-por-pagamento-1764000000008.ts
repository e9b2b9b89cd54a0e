import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The movements of one payment are found without reading those of all. */
export class TransacoesPorPagamento1764000000008 implements MigrationInterface {
  readonly name = 'TransacoesPorPagamento1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index transacoes_pagamento_ix on transacoes (pagamento_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index transacoes_pagamento_ix');
  }
}
