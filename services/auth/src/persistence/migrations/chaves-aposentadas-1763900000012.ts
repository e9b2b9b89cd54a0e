import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a key was taken back, whoever does it: from then on it can be told when its last token has expired. */
export class ChavesAposentadas1763900000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table chaves_assinatura add column aposentada_em timestamptz');
    await queryRunner.query(`update chaves_assinatura set aposentada_em = now() where estado = 'APOSENTADA'`);
    await queryRunner.query(`
      create function chaves_assinatura_aposentar() returns trigger language plpgsql as $$
      begin
        if new.estado = 'APOSENTADA' then
          new.aposentada_em := coalesce(new.aposentada_em, now());
        else
          new.aposentada_em := null;
        end if;
        return new;
      end $$`);
    await queryRunner.query(`
      create trigger chaves_assinatura_aposentar before insert or update on chaves_assinatura
      for each row execute function chaves_assinatura_aposentar()`);
    await queryRunner.query(`
      alter table chaves_assinatura add constraint chaves_assinatura_aposentada_em
        check ((estado = 'APOSENTADA') = (aposentada_em is not null))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger chaves_assinatura_aposentar on chaves_assinatura');
    await queryRunner.query('drop function chaves_assinatura_aposentar()');
    await queryRunner.query('alter table chaves_assinatura drop column aposentada_em');
  }
}
