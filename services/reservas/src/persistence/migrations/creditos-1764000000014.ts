import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the customer keeps their store credit, frozen like the rest of what was booked, and what credit has paid. */
export class Creditos1764000000014 implements MigrationInterface {
  readonly name = 'Creditos1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column guardar_creditos boolean not null default false,
        add column creditos_centavos bigint not null default 0,
        add constraint reservas_creditos_ck check (creditos_centavos between 0 and valor_centavos)`);
    await runner.query(`
      create function reservas_manter_guardar_creditos() returns trigger language plpgsql as $$
      begin
        raise exception 'the snapshot of reservation % is frozen', old.id using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create trigger reservas_guardar_creditos before update on reservas
      for each row when (old.guardar_creditos is distinct from new.guardar_creditos)
      execute function reservas_manter_guardar_creditos()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger reservas_guardar_creditos on reservas');
    await runner.query('drop function reservas_manter_guardar_creditos()');
    await runner.query('alter table reservas drop column guardar_creditos, drop column creditos_centavos');
  }
}
