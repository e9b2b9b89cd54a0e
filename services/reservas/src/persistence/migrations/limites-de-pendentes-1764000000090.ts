import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What one customer may hold without paying, per space. */
export class LimitesDePendentes1764000000090 implements MigrationInterface {
  readonly name = 'LimitesDePendentes1764000000090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table espacos
        add column pendentes_reservas integer not null default 3 check (pendentes_reservas between 1 and 100),
        add column pendentes_horas integer not null default 24 check (pendentes_horas between 1 and 1000),
        add column pendentes_resfriamento_minutos integer not null default 30
          check (pendentes_resfriamento_minutos between 0 and 1440)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table espacos drop column pendentes_reservas, drop column pendentes_horas,
        drop column pendentes_resfriamento_minutos`);
  }
}
