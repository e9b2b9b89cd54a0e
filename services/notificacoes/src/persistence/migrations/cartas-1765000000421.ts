import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What took a message, and what that calls it: messages of one letter have one name there. */
export class Cartas1765000000421 implements MigrationInterface {
  readonly name = 'Cartas1765000000421';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notificacoes
        add column provedor text check (length(provedor) <= 20),
        -- Null where it has no name for it, and once the person is gone.
        add column id_do_provedor text check (length(id_do_provedor) <= 200)`);
    await runner.query(`
      create index notificacoes_carta_ix on notificacoes (id_do_provedor) where id_do_provedor is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notificacoes drop column provedor, drop column id_do_provedor');
  }
}
