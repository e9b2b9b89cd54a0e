import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The counters of identities keep marks of their own by now: nobody looks for the newest row any more. */
export class SemIndicesDeCriacao1764000000120 implements MigrationInterface {
  readonly name = 'SemIndicesDeCriacao1764000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index espacos_criado_ix');
    await runner.query('drop index fechamentos_criado_ix');
    await runner.query('drop index calendarios_criado_ix');
    await runner.query('drop index fila_espera_criada_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index espacos_criado_ix on espacos (criado_em)');
    await runner.query('create index fechamentos_criado_ix on fechamentos (criado_em)');
    await runner.query('create index calendarios_criado_ix on calendarios (criado_em)');
    await runner.query('create index fila_espera_criada_ix on fila_espera (criada_em)');
  }
}
