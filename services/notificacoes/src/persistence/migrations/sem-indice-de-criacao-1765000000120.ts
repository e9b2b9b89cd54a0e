import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The counters of identities keep marks of their own by now: nobody looks for the newest row any more. */
export class SemIndiceDeCriacao1765000000120 implements MigrationInterface {
  readonly name = 'SemIndiceDeCriacao1765000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index notificacoes_criada_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index notificacoes_criada_ix on notificacoes (criada_em desc)');
  }
}
