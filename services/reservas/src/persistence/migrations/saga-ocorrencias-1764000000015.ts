import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a saga went through and the history of its reservation does not tell; and the refunds that are due. */
export class SagaOcorrencias1764000000015 implements MigrationInterface {
  readonly name = 'SagaOcorrencias1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table saga_ocorrencias (
        posicao     bigint generated always as identity primary key,
        reserva_id  text not null references reservas,
        fato        text not null check (fato <> ''),
        comando     text not null,
        resultado   text not null
                    check (resultado in ('FEITA', 'SEM_EFEITO', 'REPETIDA', 'ADIADA', 'RECUSADA')),
        -- The row of the history that this led to.
        versao      integer,
        porque      text not null default '',
        mensagem_id text not null default '',
        em          timestamptz not null,
        constraint saga_ocorrencias_versao_ck check ((resultado = 'FEITA') = (versao is not null))
      )`);
    await runner.query('create index saga_ocorrencias_reserva_ix on saga_ocorrencias (reserva_id, posicao)');
    await runner.query(`
      create trigger saga_ocorrencias_somente_insercao before update or delete or truncate on saga_ocorrencias
      for each statement execute function recusar_mudanca()`);
    await runner.query(`
      create index reservas_estorno_devido_ix on reservas (atualizada_em)
      where (reembolso_centavos > 0 or pagamento_nao_aproveitado is not null)
        and estorno_status is distinct from 'CONCLUIDO'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index reservas_estorno_devido_ix');
    await runner.query('drop table saga_ocorrencias');
  }
}
