import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOVO = 'WEBHOOK_DESATIVADO';

/** The message to who made a webhook that is disabled. What else may be written is left as other migrations have it. */
export class WebhooksDesativados1765000000450 implements MigrationInterface {
  readonly name = 'WebhooksDesativados1765000000450';

  async up(runner: QueryRunner): Promise<void> {
    await this.#admitir(runner, [...(await this.#modelos(runner)), NOVO]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const modelos = await this.#modelos(runner);
    await this.#admitir(
      runner,
      modelos.filter((modelo) => modelo !== NOVO),
    );
  }

  /** Those that the table takes. */
  async #modelos(runner: QueryRunner): Promise<string[]> {
    const rows: { modelo: string }[] = await runner.query(
      `select (regexp_matches(pg_get_constraintdef(oid), $1, 'g'))[1] as modelo
       from pg_constraint where conrelid = 'notificacoes'::regclass and conname = 'notificacoes_modelo_check'`,
      ["'([A-Z0-9_]+)'"],
    );
    return rows.map(({ modelo }) => modelo);
  }

  /** What is there fits either list, or is history by the time it is taken back: it need not be looked through. */
  async #admitir(runner: QueryRunner, modelos: readonly string[]): Promise<void> {
    const lista = modelos.map((modelo) => `'${modelo}'`).join(', ');
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (${lista})) not valid`);
  }
}
