import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Until when somebody ran a space: who stopped a moment ago still is not one of its customers. A trigger writes it, so no
 * way of ending an assignment can forget it.
 */
export class GestoesEncerradas1764000000043 implements MigrationInterface {
  readonly name = 'GestoesEncerradas1764000000043';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gestoes_encerradas (
        espaco_id  text not null references espacos,
        usuario_id text not null,
        ate        timestamptz not null,
        primary key (espaco_id, usuario_id)
      )`);
    await runner.query(`
      create function gestoes_anotar_fim() returns trigger language plpgsql as $$
      begin
        insert into gestoes_encerradas (espaco_id, usuario_id, ate) values (old.espaco_id, old.usuario_id, now())
        on conflict (espaco_id, usuario_id) do update set ate = excluded.ate;
        return null;
      end $$`);
    await runner.query(`
      create trigger espaco_gestores_fim after delete on espaco_gestores
      for each row execute function gestoes_anotar_fim()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger espaco_gestores_fim on espaco_gestores');
    await runner.query('drop function gestoes_anotar_fim()');
    await runner.query('drop table gestoes_encerradas');
  }
}
