import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A space may cost nothing, and so may a reservation: it is confirmed without a payment. */
export class ReservasGratuitas1764000000012 implements MigrationInterface {
  readonly name = 'ReservasGratuitas1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas drop constraint reservas_confirmada_ck,
        add constraint reservas_confirmada_ck check (status <> 'CONFIRMADA' or
          (confirmada_em is not null and (pagamento_id is not null or valor_centavos = 0)))`);
    await runner.query(`
      alter table espacos drop constraint espacos_preco_por_hora_centavos_check,
        add constraint espacos_preco_por_hora_centavos_check check (preco_por_hora_centavos >= 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table espacos drop constraint espacos_preco_por_hora_centavos_check,
        add constraint espacos_preco_por_hora_centavos_check check (preco_por_hora_centavos > 0)`);
    await runner.query(`
      alter table reservas drop constraint reservas_confirmada_ck,
        add constraint reservas_confirmada_ck check
          (status <> 'CONFIRMADA' or (pagamento_id is not null and confirmada_em is not null))`);
  }
}
