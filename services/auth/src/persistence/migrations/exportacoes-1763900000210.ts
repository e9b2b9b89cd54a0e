import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Exports of what is known about a person, and the archive as far as it is collected: in parts, each compressed and encrypted by
 * the service. Both go with the account.
 */
export class Exportacoes1763900000210 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table exportacoes (
        id uuid primary key,
        usuario_id text not null references usuarios (id) on delete cascade,
        estado text not null check (estado in ('PREPARANDO', 'PRONTA', 'FALHOU')),
        pedida_em timestamptz(3) not null,
        -- Where it was asked for from: the owner is told when it is ready.
        sessao_id text check (length(sessao_id) <= 64),
        endereco text not null check (length(endereco) <= 60),
        dispositivo text not null check (length(dispositivo) <= 200),
        requisicao text not null check (length(requisicao) <= 128),
        -- Where the collection stands: the source and its page, the section that is open, and what there is of the document.
        fonte text not null,
        pagina text not null,
        secao text not null,
        secao_vazia boolean not null,
        partes integer not null check (partes >= 0),
        bytes integer not null check (bytes >= 0),
        sha256 bytea check (length(sha256) = 32),
        -- Due from then on; while it is leased, the end of the lease.
        tentar_em timestamptz not null,
        avancou_em timestamptz not null,
        falhas integer not null check (falhas >= 0),
        erro text check (length(erro) <= 500),
        pronta_em timestamptz(3),
        expira_em timestamptz(3),
        constraint exportacoes_pronta_ck check ((estado = 'PRONTA') = (sha256 is not null and pronta_em is not null)),
        constraint exportacoes_expira_ck check ((estado = 'PREPARANDO') = (expira_em is null))
      )`);
    await queryRunner.query(`
      create unique index exportacoes_uma_em_andamento on exportacoes (usuario_id) where estado = 'PREPARANDO'`);
    await queryRunner.query('create index exportacoes_usuario on exportacoes (usuario_id, pedida_em desc)');
    await queryRunner.query(`
      create index exportacoes_devidas on exportacoes (tentar_em) where estado = 'PREPARANDO'`);
    await queryRunner.query(`
      create index exportacoes_vencidas on exportacoes (expira_em) where estado <> 'PREPARANDO'`);
    await queryRunner.query(`
      create table exportacoes_partes (
        exportacao_id uuid not null references exportacoes (id) on delete cascade,
        numero integer not null check (numero > 0),
        -- A gzip member of at most 1 MiB of the document, encrypted for this export and number.
        conteudo bytea not null check (length(conteudo) <= 1100000),
        primary key (exportacao_id, numero)
      )`);
    await queryRunner.query('alter table exportacoes_partes alter column conteudo set storage external');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table exportacoes_partes, exportacoes');
  }
}
