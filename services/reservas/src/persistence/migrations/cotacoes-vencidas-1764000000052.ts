import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Quotes are promises of ten minutes: what has been over for a day may go, and nothing else. A reservation keeps the price
 * it was made with and the name of its quote, not the quote.
 */
export class CotacoesVencidas1764000000052 implements MigrationInterface {
  readonly name = 'CotacoesVencidas1764000000052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas drop constraint reservas_cotacao_id_fkey');
    await runner.query('drop trigger cotacoes_somente_insercao on cotacoes');
    await runner.query(`
      create trigger cotacoes_somente_insercao before update or truncate on cotacoes
      for each statement execute function recusar_mudanca()`);
    await runner.query(`
      create trigger cotacoes_vencidas before delete on cotacoes
      for each row when (old.valida_ate > now() - interval '1 day') execute function recusar_mudanca()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger cotacoes_vencidas on cotacoes');
    await runner.query('drop trigger cotacoes_somente_insercao on cotacoes');
    await runner.query(`
      create trigger cotacoes_somente_insercao before update or delete or truncate on cotacoes
      for each statement execute function recusar_mudanca()`);
    await runner.query(`
      alter table reservas add constraint reservas_cotacao_id_fkey
      foreign key (cotacao_id) references cotacoes not valid`);
  }
}
