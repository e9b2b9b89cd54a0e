import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accesses are kept for six months by law, and no longer than that of people who are gone: from then on their security events
 * lose address, device and call, and nothing else. They are one row a minute no more, for rows that differed may be alike then.
 */
export class AcessosDeRemovidas1763900000201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table remocoes add column acessos_apagados_em timestamptz');
    await queryRunner.query(`
      create index remocoes_com_acessos on remocoes (pedida_em) where acessos_apagados_em is null`);
    await queryRunner.query(`
      alter table eventos_seguranca
        drop constraint eventos_seguranca_recusas_por_minuto,
        add constraint eventos_seguranca_recusas_por_minuto check
          (resultado = 'FEITO' or minuto is not null or (endereco = '' and dispositivo = '')) not valid`);
    await this.#guardar(
      queryRunner,
      `if tg_op = 'UPDATE' and new.endereco = '' and new.dispositivo = '' and new.requisicao = '' and new.minuto is null
          and to_jsonb(new) - array['endereco', 'dispositivo', 'requisicao', 'minuto']
            = to_jsonb(old) - array['endereco', 'dispositivo', 'requisicao', 'minuto']
          and exists (select from remocoes
            where usuario_id = coalesce(old.autor_id, old.usuario_id) and pedida_em < now() - interval '6 months') then
          return new;
        end if;`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await this.#guardar(queryRunner, '');
    await queryRunner.query(`
      alter table eventos_seguranca
        drop constraint eventos_seguranca_recusas_por_minuto,
        add constraint eventos_seguranca_recusas_por_minuto check
          (resultado = 'FEITO' or minuto is not null) not valid`);
    await queryRunner.query('alter table remocoes drop column acessos_apagados_em');
  }

  async #guardar(queryRunner: QueryRunner, exceto: string): Promise<void> {
    await queryRunner.query(`
      create or replace function eventos_seguranca_guardar() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.em < now() - interval '365 days' then
          return old;
        end if;
        ${exceto}
        raise exception 'security events are kept as they are for a year' using errcode = 'restrict_violation';
      end $$`);
  }
}
