import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts as far as this service has to know of them, from the events of auth: whether somebody exists, and until when
 * they were ADMIN. Whoever has booked for themselves has an account; version 0 is older than any event.
 */
export class Contas1764000000042 implements MigrationInterface {
  readonly name = 'Contas1764000000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table contas (
        usuario_id text primary key check (usuario_id <> ''),
        versao     bigint not null check (versao >= 0),
        ativa      boolean not null,
        -- 'infinity' while they are; null: never as far as is known.
        admin_ate  timestamptz
      )`);
    await runner.query(`
      insert into contas (usuario_id, versao, ativa)
      select distinct cliente_id, 0, true from reservas where criada_por is null
      on conflict do nothing`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table contas');
  }
}
