import type { MigrationInterface, QueryRunner } from 'typeorm';
import { admitirModelos } from './modelos-admitidos.ts';

const NOVO = 'CONTATOS_NAO_ENTREGAVEIS';

/** The administrators are told of addresses that have begun to send messages back: who they are, and up to when they were told. */
export class ResumosDeDevolucoes1765000000475 implements MigrationInterface {
  readonly name = 'ResumosDeDevolucoes1765000000475';

  async up(runner: QueryRunner): Promise<void> {
    await admitirModelos(runner, (antes) => [...antes, NOVO]);
    await runner.query(`
      create table administradores (
        usuario_id text primary key,
        -- Of the account: what is older has no effect, in whatever order it is heard.
        versao     integer not null check (versao > 0),
        ativo      boolean not null
      )`);
    await runner.query('create index administradores_ativos_ix on administradores (usuario_id) where ativo');
    await runner.query(`
      create table resumos_de_devolucoes (
        -- One a day: whoever writes its row tells of that day.
        dia date primary key,
        -- What was marked until then was told.
        ate timestamptz not null
      )`);
    // When it was heard of, which may be long after it happened; null where an older release has marked it.
    await runner.query('alter table contatos add column devolve_marcado_em timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table contatos drop column devolve_marcado_em');
    await runner.query('drop table resumos_de_devolucoes');
    await runner.query('drop table administradores');
    await admitirModelos(runner, (agora) => agora.filter((modelo) => modelo !== NOVO));
  }
}
