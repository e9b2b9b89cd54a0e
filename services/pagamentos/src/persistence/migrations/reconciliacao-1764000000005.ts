import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the reconciler needs to know: when it last looked, and which reservations have taken their money. */
export class Reconciliacao1764000000005 implements MigrationInterface {
  readonly name = 'Reconciliacao1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: payments are a projection, which may be rebuilt.
    await runner.query(`
      create table reconciliacoes (
        pagamento_id  text primary key,
        verificado_em timestamptz not null
      )`);
    await runner.query(`
      create table desfechos_reserva (
        reserva_id   text primary key,
        desfecho     text not null check (desfecho in ('CONFIRMADA', 'CANCELADA')),
        ocorrido_em  timestamptz not null
      )`);
    await runner.query(`
      create index pagamentos_aprovados_ix on pagamentos (aprovado_em) where status = 'APROVADO'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index pagamentos_aprovados_ix');
    await runner.query('drop table desfechos_reserva, reconciliacoes');
  }
}
