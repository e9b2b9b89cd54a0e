import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which generation of its owner's sessions a feed was made in, and which one an account is at: a feed ends with the sessions that
 * it was made in. As with sessions, what is from before that was known belongs to the first one.
 */
export class GeracoesDosCalendarios1764000000140 implements MigrationInterface {
  readonly name = 'GeracoesDosCalendarios1764000000140';

  async up(runner: QueryRunner): Promise<void> {
    for (const tabela of ['contas', 'calendarios'])
      await runner.query(
        `alter table ${tabela} add column geracao integer not null default 1 check (geracao > 0)`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const tabela of ['calendarios', 'contas'])
      await runner.query(`alter table ${tabela} drop column geracao`);
  }
}
