import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a person has proved that the address is theirs. Nobody had to so far, so nobody has. */
export class EmailVerificado1763900000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table usuarios add column email_verificado boolean not null default false',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table usuarios drop column email_verificado');
  }
}
