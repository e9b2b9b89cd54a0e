import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message follows from: the event that tells of its sending says so. Null where an earlier release has written it. */
export class RastroDasMensagens1765000000480 implements MigrationInterface {
  readonly name = 'RastroDasMensagens1765000000480';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notificacoes add column rastro jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notificacoes drop column rastro');
  }
}
