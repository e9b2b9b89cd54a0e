import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages about occurrences of a series that are sent as one. Copies that do not know this send them one by one. */
export class ResumosDaSerie1765000000061 implements MigrationInterface {
  readonly name = 'ResumosDaSerie1765000000061';

  async up(runner: QueryRunner): Promise<void> {
    // Empty for a message that goes alone.
    await runner.query('alter table notificacoes add column grupo text');
    await runner.query(`
      create index notificacoes_grupo_ix on notificacoes (grupo) where status = 'PENDENTE' and grupo is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notificacoes drop column grupo');
  }
}
