import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What GESTORES may give as bonus credit a month at a space, and what they have given. ADMIN gives beside it. */
export class BonusDeGestores1764000000044 implements MigrationInterface {
  readonly name = 'BonusDeGestores1764000000044';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table espacos add column bonus_mensal_centavos bigint not null default 0
        check (bonus_mensal_centavos between 0 and 1000000000)`);
    await runner.query(`
      create table bonus_de_gestores (
        espaco_id          text not null references espacos,
        -- Of the space's own calendar.
        mes                text not null check (mes ~ '^\\d{4}-\\d\\d$'),
        concedido_centavos bigint not null check (concedido_centavos > 0),
        -- The cap under which the latest of it was given; it may be lowered afterwards.
        teto_centavos      bigint not null,
        primary key (espaco_id, mes),
        constraint bonus_de_gestores_teto_ck check (concedido_centavos <= teto_centavos)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bonus_de_gestores');
    await runner.query('alter table espacos drop column bonus_mensal_centavos');
  }
}
