import type { MigrationInterface, QueryRunner } from 'typeorm';

const EM_USO = `'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
  'ESTORNO_CONCLUIDO', 'ESTORNO_FALHOU', 'VAGA_OFERECIDA', 'BOAS_VINDAS'`;

/**
 * The models that are written, and no others: a digest is made of the messages of its occurrences when it is sent, and has
 * no model of its own. No copy of the service has ever written one, so what is there need not be looked through.
 */
export class ModelosEmUso1765000000121 implements MigrationInterface {
  readonly name = 'ModelosEmUso1765000000121';

  async up(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, EM_USO);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, `${EM_USO}, 'SERIE_CONFIRMADA', 'SERIE_CANCELADA', 'SERIE_EXPIRADA'`);
  }

  async #admitir(runner: QueryRunner, modelos: string): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (${modelos})) not valid`);
  }
}
