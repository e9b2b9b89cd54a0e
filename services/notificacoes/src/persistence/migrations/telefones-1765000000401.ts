import type { MigrationInterface, QueryRunner } from 'typeorm';
import { admitirModelos } from './modelos-admitidos.ts';

const NOVO = 'CODIGO_DE_TELEFONE';

/** Numbers that their owners have proved, and the codes that prove them. */
export class Telefones1765000000401 implements MigrationInterface {
  readonly name = 'Telefones1765000000401';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table telefones (
        cliente_id  text primary key,
        -- E.164. Erased with the account.
        numero      text not null check (numero ~ '^[+][1-9][0-9]{7,14}$'),
        provado_em  timestamptz not null,
        -- Its owner has answered STOP: nothing is sent before it is proved again.
        recusado_em timestamptz
      )`);
    await runner.query(`
      create table codigos_de_telefone (
        cliente_id text primary key,
        numero     text not null check (numero ~ '^[+][1-9][0-9]{7,14}$'),
        -- HMAC-SHA-256: six digits are found from a mere hash.
        resumo     bytea not null check (length(resumo) = 32),
        pedido_em  timestamptz not null,
        valido_ate timestamptz not null check (valido_ate > pedido_em),
        tentativas integer not null check (tentativas between 0 and 5)
      )`);
    await runner.query('create index codigos_de_telefone_fim_ix on codigos_de_telefone (valido_ate)');
    await admitirModelos(runner, (antes) => [...new Set([...antes, NOVO])]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await admitirModelos(runner, (agora) => agora.filter((modelo) => modelo !== NOVO));
    await runner.query('drop table codigos_de_telefone, telefones');
  }
}
