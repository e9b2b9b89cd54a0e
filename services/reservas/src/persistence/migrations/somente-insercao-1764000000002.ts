import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the tables after this one need: trigger functions that refuse changes, and the sum of price lines. */
export class SomenteInsercao1764000000002 implements MigrationInterface {
  readonly name = 'SomenteInsercao1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function recusar_mudanca() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create function soma_das_linhas(linhas jsonb) returns bigint language sql immutable strict as $$
        select coalesce(sum((linha ->> 'centavos')::bigint), 0)::bigint from jsonb_array_elements(linhas) as linha
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function soma_das_linhas(jsonb)');
    await runner.query('drop function recusar_mudanca()');
  }
}
