import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who made a reservation: what others hold for a customer does not count against the customer's limits, and waits for
 * them. Null is the customer, so a program that does not know the column yet goes on writing. Frozen like the rest of
 * what was booked.
 */
export class ReservasCriadasPor1764000000040 implements MigrationInterface {
  readonly name = 'ReservasCriadasPor1764000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table reservas add column criada_por text check (criada_por <> '')`);
    await runner.query(`
      update reservas r set criada_por = h.quem from reservas_historico h
      where h.reserva_id = r.id and h.versao = 1 and h.quem <> r.cliente_id`);
    await runner.query(`
      create trigger reservas_criada_por before update on reservas
      for each row when (old.criada_por is distinct from new.criada_por)
      execute function reservas_manter_guardar_creditos()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger reservas_criada_por on reservas');
    await runner.query('alter table reservas drop column criada_por');
  }
}
