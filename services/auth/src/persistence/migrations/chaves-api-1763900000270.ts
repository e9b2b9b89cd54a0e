import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys: digests of their secrets. None is made for an account that is gone, and they go with it. */
export class ChavesApi1763900000270 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table chaves_api (
        id text primary key check (id ~ '^chv_[0-9A-Za-z]{12}$'),
        usuario_id text not null references usuarios (id) on delete cascade,
        nome text not null check (length(nome) between 1 and 60),
        escopos text[] not null check (cardinality(escopos) between 1 and 20),
        papeis text[] not null check (cardinality(papeis) <= 3),
        so_senha boolean not null,
        impressao bytea not null check (length(impressao) = 32),
        impressao_anterior bytea check (length(impressao_anterior) = 32),
        anterior_ate timestamptz(3),
        validade_dias integer not null check (validade_dias between 1 and 365),
        criado_em timestamptz(3) not null,
        expira_em timestamptz(3) not null,
        rotacionado_em timestamptz(3),
        revogado_em timestamptz(3),
        usado_em timestamptz(3),
        usado_de text not null default '' check (length(usado_de) <= 60),
        constraint chaves_api_anterior_ck check ((impressao_anterior is null) = (anterior_ate is null))
      )`);
    await queryRunner.query(
      'create index chaves_api_usuario on chaves_api (usuario_id, criado_em desc, id desc)',
    );
    await queryRunner.query('create index chaves_api_fim on chaves_api (least(expira_em, revogado_em))');
    await queryRunner.query(`
      create trigger chaves_api_sem_removidas before insert or update of usuario_id on chaves_api
      for each row execute function usuarios_sem_removidas()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table chaves_api');
  }
}
