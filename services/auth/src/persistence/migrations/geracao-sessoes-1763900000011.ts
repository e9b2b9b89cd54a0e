import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ends sessions without having to reach them: what was opened at an earlier generation is over. */
export class GeracaoSessoes1763900000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table usuarios add column geracao_sessoes integer not null default 1 check (geracao_sessoes > 0)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios drop column geracao_sessoes');
  }
}
