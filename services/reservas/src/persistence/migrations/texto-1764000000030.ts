import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people write, in the one form of their texts. Snapshots inside reservations never change, so they stay as they
 * were taken; their sources are guarded here.
 */
export class Texto1764000000030 implements MigrationInterface {
  readonly name = 'Texto1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update espacos set nome = coalesce(nullif(btrim(left(texto_arrumado(nome), 120)), ''), 'Sem nome')
      where not texto_de_gente(nome, 1, 120)`);
    await runner.query(`
      update espacos set endereco = btrim(left(texto_arrumado(endereco), 300))
      where not texto_de_gente(endereco, 0, 300)`);
    await runner.query(`
      update fechamentos set motivo = btrim(left(texto_arrumado(motivo), 200))
      where not texto_de_gente(motivo, 0, 200)`);
    await runner.query(`
      update reservas set motivo_cancelamento = btrim(left(texto_arrumado(motivo_cancelamento, true), 500), E' \\n')
      where not texto_de_gente(motivo_cancelamento, 0, 500, true)`);
    await runner.query(`
      alter table espacos
        add constraint espacos_nome_texto check (texto_de_gente(nome, 1, 120)),
        add constraint espacos_endereco_texto check (texto_de_gente(endereco, 0, 300))`);
    await runner.query(`
      alter table fechamentos add constraint fechamentos_motivo_texto check (texto_de_gente(motivo, 0, 200))`);
    await runner.query(`
      alter table reservas add constraint reservas_motivo_texto
        check (motivo_cancelamento is null or texto_de_gente(motivo_cancelamento, 0, 500, true))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reservas drop constraint reservas_motivo_texto');
    await runner.query('alter table fechamentos drop constraint fechamentos_motivo_texto');
    await runner.query(
      'alter table espacos drop constraint espacos_nome_texto, drop constraint espacos_endereco_texto',
    );
  }
}
