import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who runs which space, and who assigned it to them. */
export class EspacoGestores1764000000011 implements MigrationInterface {
  readonly name = 'EspacoGestores1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table espaco_gestores (
        espaco_id     text not null references espacos,
        usuario_id    text not null check (usuario_id <> ''),
        atribuido_por text not null check (atribuido_por <> ''),
        atribuido_em  timestamptz not null,
        primary key (espaco_id, usuario_id)
      )`);
    await runner.query('create index espaco_gestores_usuario_ix on espaco_gestores (usuario_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table espaco_gestores');
  }
}
