import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Closures of spaces. */
export class Fechamentos1764000000007 implements MigrationInterface {
  readonly name = 'Fechamentos1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fechamentos (
        id          text primary key check (id ~ '^fec_[0-9A-Za-z]+$'),
        espaco_id   text not null references espacos,
        data_inicio timestamptz not null,
        data_fim    timestamptz not null check (data_fim > data_inicio),
        anual       boolean not null,
        motivo      text not null check (length(motivo) <= 200),
        criado_em   timestamptz not null,
        criado_por  text not null check (criado_por <> '')
      )`);
    await runner.query('create index fechamentos_lista_ix on fechamentos (espaco_id, data_inicio, id)');
    await runner.query(`
      create index fechamentos_periodo_ix on fechamentos using gist (espaco_id, tstzrange(data_inicio, data_fim))
      where not anual`);
    await runner.query('create index fechamentos_anual_ix on fechamentos (espaco_id) where anual');
    await runner.query('create index fechamentos_criado_ix on fechamentos (criado_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table fechamentos');
  }
}
