import type { MigrationInterface, QueryRunner } from 'typeorm';

const ANTES = `'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
  'ESTORNO_CONCLUIDO', 'VAGA_OFERECIDA', 'BOAS_VINDAS'`;

/** The message about a refund that failed, and those about several occurrences of a series. */
export class ModelosDeDevolucao1765000000100 implements MigrationInterface {
  readonly name = 'ModelosDeDevolucao1765000000100';

  async up(runner: QueryRunner): Promise<void> {
    await this.#admitir(
      runner,
      `${ANTES}, 'ESTORNO_FALHOU', 'SERIE_CONFIRMADA', 'SERIE_CANCELADA', 'SERIE_EXPIRADA'`,
    );
  }

  /** Refuses, and changes nothing, while there are messages that the older schema cannot hold. */
  async down(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, ANTES);
  }

  async #admitir(runner: QueryRunner, modelos: string): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (${modelos}))`);
  }
}
