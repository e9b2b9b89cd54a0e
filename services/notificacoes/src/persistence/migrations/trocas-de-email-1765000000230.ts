import type { MigrationInterface, QueryRunner } from 'typeorm';

const ANTES = `'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
  'ESTORNO_CONCLUIDO', 'ESTORNO_FALHOU', 'VAGA_OFERECIDA', 'BOAS_VINDAS', 'AVISO_DE_SEGURANCA', 'REDEFINICAO_SENHA'`;

/** The code that gives an account another address. */
export class TrocasDeEmail1765000000230 implements MigrationInterface {
  readonly name = 'TrocasDeEmail1765000000230';

  async up(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, `${ANTES}, 'TROCA_DE_EMAIL'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, ANTES);
  }

  /** What is there fits either list, or is history by the time it is taken back: it need not be looked through. */
  async #admitir(runner: QueryRunner, modelos: string): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (${modelos})) not valid`);
  }
}
