import type { MigrationInterface, QueryRunner } from 'typeorm';
import { admitirModelos } from './modelos-admitidos.ts';

const NOVOS = ['RESERVA_RECEBIDA', 'PAGAMENTO_APROVADO', 'ESTORNO_SOLICITADO'];

/** Messages about what is to be paid, what was paid, and what is on its way back; and what is known of a charge. */
export class ModelosDePagamento1765000000440 implements MigrationInterface {
  readonly name = 'ModelosDePagamento1765000000440';

  async up(runner: QueryRunner): Promise<void> {
    await admitirModelos(runner, (antes) => [...new Set([...antes, ...NOVOS])]);
    await runner.query(`
      alter table reservas
        -- Price and the part that store credit pays.
        add column cobranca jsonb,
        add column aprovada_em timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas drop column cobranca, drop column aprovada_em');
    await admitirModelos(runner, (agora) => agora.filter((modelo) => !NOVOS.includes(modelo)));
  }
}
