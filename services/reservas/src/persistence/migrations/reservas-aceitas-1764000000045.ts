import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the customer accepted what was held for them. What costs nothing is confirmed by no payment, so for somebody else it
 * is confirmed only once it was accepted; those of before were.
 */
export class ReservasAceitas1764000000045 implements MigrationInterface {
  readonly name = 'ReservasAceitas1764000000045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas add column aceita_em timestamptz');
    await runner.query(`
      update reservas set aceita_em = confirmada_em
      where valor_centavos = 0 and criada_por <> cliente_id and confirmada_em is not null`);
    await runner.query(`
      alter table reservas add constraint reservas_aceita_ck check (status <> 'CONFIRMADA' or valor_centavos > 0
        or coalesce(criada_por, cliente_id) = cliente_id or aceita_em is not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas drop column aceita_em');
  }
}
