import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOVOS = ['RESERVA_RECEBIDA', 'PAGAMENTO_APROVADO', 'ESTORNO_SOLICITADO'];

/** Messages about what is to be paid, what was paid, and what is on its way back; and what is known of a charge. */
export class ModelosDePagamento1765000000440 implements MigrationInterface {
  readonly name = 'ModelosDePagamento1765000000440';

  async up(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, (antes) => [...new Set([...antes, ...NOVOS])]);
    await runner.query(`
      alter table reservas
        -- Price and the part that store credit pays.
        add column cobranca jsonb,
        add column aprovada_em timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas drop column cobranca, drop column aprovada_em');
    await this.#admitir(runner, (agora) => agora.filter((modelo) => !NOVOS.includes(modelo)));
  }

  /** Whatever other models there are by now stay. What is there fits either list: it need not be looked through. */
  async #admitir(runner: QueryRunner, mudar: (modelos: string[]) => string[]): Promise<void> {
    const [{ regra } = { regra: '' }]: Array<{ regra: string }> = await runner.query(`
      select pg_get_constraintdef(oid) as regra from pg_constraint
      where conrelid = 'notificacoes'::regclass and conname = 'notificacoes_modelo_check'`);
    const modelos = mudar([...regra.matchAll(/'([A-Z_]+)'/g)].map(([, modelo = '']) => modelo));
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check
          check (modelo in (${modelos.map((modelo) => `'${modelo}'`).join(', ')})) not valid`);
  }
}
