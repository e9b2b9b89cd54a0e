import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions that were ended, for as long as a copy of Redis from before could bring one back; those of before are among the
 * security events. A table of its own, as `sessoes_revogadas` is read whole by each process and has to stay small. A
 * trigger fills it, as the release before this one ends sessions, too.
 */
export class SessoesTerminadas1763900000260 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table sessoes_terminadas (
        sessao_id text primary key,
        em timestamptz not null
      )`);
    await queryRunner.query(`
      insert into sessoes_terminadas (sessao_id, em)
      select detalhe, max(em) from eventos_seguranca
      where tipo = 'SESSAO_ENCERRADA' and em > now() - interval '90 days' group by detalhe`);
    await queryRunner.query('create index sessoes_terminadas_em on sessoes_terminadas (em)');
    await queryRunner.query(`
      create function sessao_terminada() returns trigger language plpgsql as $$
      begin
        insert into sessoes_terminadas (sessao_id, em) values (new.sessao_id, new.em) on conflict (sessao_id) do nothing;
        return null;
      end $$`);
    await queryRunner.query(`
      create trigger sessoes_revogadas_terminada after insert on sessoes_revogadas
      for each row execute function sessao_terminada()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger sessoes_revogadas_terminada on sessoes_revogadas');
    await queryRunner.query('drop function sessao_terminada()');
    await queryRunner.query('drop table sessoes_terminadas');
  }
}
