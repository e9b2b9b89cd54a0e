import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants to know of a space is found by it, however many others there are. */
export class InscricoesPorEspaco1765000000465 implements MigrationInterface {
  readonly name = 'InscricoesPorEspaco1765000000465';

  async up(runner: QueryRunner): Promise<void> {
    // Without a list of what is new in it: that would be read by each look, and addresses seldom change what they want.
    await runner.query(`
      create index webhooks_espacos_ix on webhooks using gin (espacos) with (fastupdate = off)
      where desativado_por is null`);
    await runner.query(`
      create index webhooks_todos_os_espacos_ix on webhooks (id)
      where espacos = '{}' and desativado_por is null`);
    // Leases change a row twice a turn: where its page has room, no index hears of it.
    await runner.query('alter table webhooks set (fillfactor = 50)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhooks reset (fillfactor)');
    await runner.query('drop index webhooks_todos_os_espacos_ix');
    await runner.query('drop index webhooks_espacos_ix');
  }
}
