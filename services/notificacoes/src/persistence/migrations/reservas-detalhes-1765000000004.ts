import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What messages say of a reservation whose event does not say it, and the facts that wait for that. */
export class ReservasDetalhes1765000000004 implements MigrationInterface {
  readonly name = 'ReservasDetalhes1765000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        -- Name, period and zone; empty while no event has told them.
        add column detalhes jsonb,
        add column detalhes_da_versao integer not null default 0 check (detalhes_da_versao >= 0),
        -- End of the hold.
        add column expira_em timestamptz,
        add column checkout_url text not null default '',
        -- Version of the payment that the address is of.
        add column checkout_da_versao integer not null default 0 check (checkout_da_versao >= 0),
        add column expirada_na_versao integer not null default 0 check (expirada_na_versao >= 0),
        -- Declined cards that nobody was told about yet, as events.
        add column recusas text[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        drop column recusas,
        drop column expirada_na_versao,
        drop column checkout_da_versao,
        drop column checkout_url,
        drop column expira_em,
        drop column detalhes_da_versao,
        drop column detalhes`);
  }
}
