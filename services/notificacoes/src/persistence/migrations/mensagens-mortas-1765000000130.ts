import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that were given up are counted for operators. */
export class MensagensMortas1765000000130 implements MigrationInterface {
  readonly name = 'MensagensMortas1765000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index notificacoes_mortas_ix on notificacoes (criada_em) where status = 'FALHOU'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index notificacoes_mortas_ix');
  }
}
