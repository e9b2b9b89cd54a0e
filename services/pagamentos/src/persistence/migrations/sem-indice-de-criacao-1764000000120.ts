import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The counters of identities keep marks of their own by now: nobody looks for the newest row any more. */
export class SemIndiceDeCriacao1764000000120 implements MigrationInterface {
  readonly name = 'SemIndiceDeCriacao1764000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index pagamentos_criado_em_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index pagamentos_criado_em_ix on pagamentos (criado_em desc)');
  }
}
