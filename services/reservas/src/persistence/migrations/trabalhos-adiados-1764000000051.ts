import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Things for which a worker has failed, and when it tries again. Nearly always empty. */
export class TrabalhosAdiados1764000000051 implements MigrationInterface {
  readonly name = 'TrabalhosAdiados1764000000051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trabalhos_adiados (
        trabalho   text not null check (trabalho <> ''),
        item_id    text not null,
        falhas     integer not null check (falhas >= 1),
        tentar_em  timestamptz not null,
        erro       text not null check (length(erro) <= 500),
        primary key (item_id, trabalho)
      )`);
    await runner.query('create index trabalhos_adiados_tentar_ix on trabalhos_adiados (tentar_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trabalhos_adiados');
  }
}
