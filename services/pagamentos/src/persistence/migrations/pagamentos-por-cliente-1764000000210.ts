import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The payments of one person are found without reading those of all. */
export class PagamentosPorCliente1764000000210 implements MigrationInterface {
  readonly name = 'PagamentosPorCliente1764000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index pagamentos_cliente_ix on pagamentos (cliente_id, criado_em, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index pagamentos_cliente_ix');
  }
}
