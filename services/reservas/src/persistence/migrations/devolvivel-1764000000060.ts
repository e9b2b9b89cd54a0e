import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of a payment can still go back, as pagamentos told, and how a cancellation's refund is split. */
export class Devolvivel1764000000060 implements MigrationInterface {
  readonly name = 'Devolvivel1764000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        -- Version of the payment that the amounts are of; empty while pagamentos has told nothing.
        add column devolvivel_versao   integer,
        add column devolvivel_centavos bigint,
        add column devolvivel_creditos bigint,
        -- Empty where it was not noted.
        add column reembolso_creditos  bigint,
        add constraint reservas_devolvivel_ck check
          ((devolvivel_versao is null) = (devolvivel_centavos is null)
            and (devolvivel_versao is null) = (devolvivel_creditos is null)
            and devolvivel_creditos between 0 and devolvivel_centavos),
        add constraint reservas_reembolso_creditos_ck check (reembolso_creditos between 0 and reembolso_centavos)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas drop column devolvivel_versao, drop column devolvivel_centavos,
        drop column devolvivel_creditos, drop column reembolso_creditos`);
  }
}
