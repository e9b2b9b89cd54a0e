import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A cancellation that asks for a refund is told to pagamentos again until one was heard of. */
export class Devolucoes1764000000017 implements MigrationInterface {
  readonly name = 'Devolucoes1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column devolucao_anuncios   integer,
        add column devolucao_anuncio_em timestamptz,
        add constraint reservas_devolucao_ck check
          ((devolucao_anuncios is null) = (devolucao_anuncio_em is null)
            and (devolucao_anuncio_em is null or status = 'CANCELADA'))`);
    await runner.query(`
      update reservas set devolucao_anuncios = 1, devolucao_anuncio_em = now()
      where status = 'CANCELADA' and reembolso_centavos > 0 and estorno_status is null`);
    await runner.query(`
      create index reservas_devolucao_ix on reservas (devolucao_anuncio_em)
      where devolucao_anuncio_em is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas drop column devolucao_anuncios, drop column devolucao_anuncio_em`);
  }
}
