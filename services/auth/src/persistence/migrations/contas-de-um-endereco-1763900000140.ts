import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An address belongs to the account that has verified it. Beside that one, at most one account that has not can be entered;
 * earlier ones are superseded. The first administrator's address was written down by the operator, so it is verified.
 *
 * The constraint on addresses that are not verified keeps its name: replicas from before this migration insert with it.
 */
export class ContasDeUmEndereco1763900000140 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table usuarios
        add column substituida_em timestamptz,
        add column cadastro_repetido_em timestamptz,
        add constraint usuarios_substituida check (substituida_em is null or not email_verificado)`);
    await queryRunner.query(`
      update usuarios set email_verificado = true
      where id = (select id from usuarios where papeis @> array['ADMIN'] order by criado_em, id limit 1)`);
    await queryRunner.query('alter table usuarios drop constraint usuarios_email_unico');
    await queryRunner.query(`
      alter table usuarios add constraint usuarios_email_unico
        exclude using btree (email with =) where (not email_verificado and substituida_em is null)`);
    await queryRunner.query(
      'create unique index usuarios_email_verificado on usuarios (email) where email_verificado',
    );
    await queryRunner.query('create index usuarios_email on usuarios (email)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index usuarios_email, usuarios_email_verificado');
    await queryRunner.query(`
      alter table usuarios drop constraint usuarios_email_unico, drop constraint usuarios_substituida,
        add constraint usuarios_email_unico unique (email)`);
    await queryRunner.query(
      'alter table usuarios drop column substituida_em, drop column cadastro_repetido_em',
    );
  }
}
