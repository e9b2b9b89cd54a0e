import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A key names the effect of its call, and is claimed in the transaction of that effect. The release before goes on writing
 * rows without one; to it a row of this release is that of a call in progress whose lease never ends.
 */
export class EfeitoDaChave1700000000030 implements MigrationInterface {
  readonly name = 'EfeitoDaChave1700000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table idempotencia add column efeito text');
    // The lock ends with the transaction. Who does not get it would wait in vain: who has it is about to commit or to free the
    // key. Who gets it meets what others have committed: an expired row is taken over, any other one stays.
    await runner.query(`
      create function idempotencia_tomar(a_escopo text, a_chave text, o_metodo text, a_impressao bytea, o_efeito text)
      returns void language plpgsql as $$
      begin
        if not pg_try_advisory_xact_lock(hashtextextended('idempotencia:' || a_chave || ' ' || a_escopo, 0)) then
          raise exception 'another transaction is about to use the key' using errcode = 'KEY01';
        end if;
        insert into idempotencia as i (escopo, chave, metodo, impressao, efeito, estado, posse, posse_ate, expira_em)
        values (a_escopo, a_chave, o_metodo, a_impressao, o_efeito, 'EM_ANDAMENTO', gen_random_uuid(), 'infinity',
          now() + interval '24 hours')
        on conflict (escopo, chave) do update
          set metodo = excluded.metodo, impressao = excluded.impressao, efeito = excluded.efeito, estado = excluded.estado,
              codigo = null, resposta = null, posse = excluded.posse, posse_ate = excluded.posse_ate,
              criado_em = now(), expira_em = excluded.expira_em
          where i.expira_em <= now();
        if not found then
          raise exception 'the key has been used' using errcode = 'KEY02';
        end if;
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function idempotencia_tomar(text, text, text, bytea, text)');
    await runner.query('alter table idempotencia drop column efeito');
  }
}
