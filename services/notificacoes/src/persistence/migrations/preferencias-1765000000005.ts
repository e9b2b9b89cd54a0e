import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people want to be told. Who has no row has never said anything. */
export class Preferencias1765000000005 implements MigrationInterface {
  readonly name = 'Preferencias1765000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table preferencias (
        cliente_id     text primary key,
        email          boolean not null,
        sms            boolean not null,
        push           boolean not null,
        lembretes      boolean not null,
        -- E.164; empty when there is none. Erased with the account.
        telefone       text not null,
        atualizadas_em timestamptz not null,
        constraint preferencias_telefone_ck check (not sms or telefone <> '')
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table preferencias');
  }
}
