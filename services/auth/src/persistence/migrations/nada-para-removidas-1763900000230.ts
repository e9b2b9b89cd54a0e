import type { MigrationInterface, QueryRunner } from 'typeorm';

const DE_CONTAS = ['passkeys', 'trocas_de_email', 'exportacoes'];

/** Neither a passkey nor another address nor an export is begun for an account that is gone. */
export class NadaParaRemovidas1763900000230 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const tabela of DE_CONTAS)
      await queryRunner.query(`
        create trigger ${tabela}_sem_removidas before insert or update of usuario_id on ${tabela}
        for each row execute function usuarios_sem_removidas()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const tabela of DE_CONTAS)
      await queryRunner.query(`drop trigger ${tabela}_sem_removidas on ${tabela}`);
  }
}
