import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a request that waits was made the last time: it is wanted for half an hour from then on. It keeps its place in the
 * queue, which is by the first time. Null where an earlier replica has stored it.
 */
export class PedidosRenovados1763900000171 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pedidos_senha add column renovado_em timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pedidos_senha drop column renovado_em');
  }
}
