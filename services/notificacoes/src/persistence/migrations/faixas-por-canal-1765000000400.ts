import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each channel is sent by its own lane, which finds what is due of it however much waits in another one.
 *
 * Copies of the service that do not know this yet keep working: they find what is due by `notificacoes_fila_ix`, and there are
 * e-mails only until another channel is configured, which is to be done when no such copy runs any more.
 */
export class FaixasPorCanal1765000000400 implements MigrationInterface {
  readonly name = 'FaixasPorCanal1765000000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index notificacoes_prontas_por_canal_ix on notificacoes (canal, disponivel_em, id)
      where status = 'PENDENTE' and not retida`);
    await runner.query('drop index notificacoes_prontas_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index notificacoes_prontas_ix on notificacoes (disponivel_em)
      where status = 'PENDENTE' and not retida`);
    await runner.query('drop index notificacoes_prontas_por_canal_ix');
  }
}
