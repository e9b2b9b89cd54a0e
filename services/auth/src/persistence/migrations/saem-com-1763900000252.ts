import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that go because the one that has proved their address is gone, until they are: each is removed by itself. */
export class SaemCom1763900000252 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios add column sai_com text references usuarios (id)');
    // Nobody can enter such an account, and it waits for nothing once it is gone. None is there yet: not looked for.
    await queryRunner.query(`
      alter table usuarios add constraint usuarios_sai_com check (
        sai_com is null or (substituida_em is not null and not email_verificado and removida_em is null)) not valid`);
    await queryRunner.query('create index usuarios_sai_com_fila on usuarios (id) where sai_com is not null');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios drop column sai_com');
  }
}
