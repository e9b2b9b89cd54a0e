import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a reservation ends: expiry, cancellation, refund, completion. */
export class ReservasCiclo1764000000006 implements MigrationInterface {
  readonly name = 'ReservasCiclo1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reservas
        add column expirando_desde     timestamptz,
        add column anuncios            integer,
        add column proximo_anuncio_em  timestamptz,
        add column cancelada_em        timestamptz,
        add column motivo_cancelamento text,
        add column excecao_cancelamento text check (excecao_cancelamento in ('FORCA_MAIOR', 'PROBLEMA_NO_ESPACO')),
        add column reembolso_centavos  bigint,
        add column bonus_centavos      bigint,
        add column estorno_numero      integer check (estorno_numero >= 1),
        add column estorno_status      text check (estorno_status in ('SOLICITADO', 'CONCLUIDO', 'FALHOU')),
        add column pagamento_nao_aproveitado text,
        add constraint reservas_expirando_ck check (status <> 'EXPIRANDO' or
          (expirando_desde is not null and anuncios is not null and proximo_anuncio_em is not null)),
        add constraint reservas_cancelada_ck check (status <> 'CANCELADA' or
          (cancelada_em is not null and motivo_cancelamento is not null
            and reembolso_centavos is not null and bonus_centavos is not null)),
        add constraint reservas_reembolso_ck check (reembolso_centavos between 0 and valor_centavos),
        add constraint reservas_bonus_ck check (bonus_centavos >= 0),
        add constraint reservas_estorno_ck check ((estorno_numero is null) = (estorno_status is null))`);
    // What the workers look for, each by when it is due.
    await runner.query(`
      create index reservas_anuncio_ix on reservas (proximo_anuncio_em) where status = 'EXPIRANDO'`);
    await runner.query(`create index reservas_termino_ix on reservas (data_fim) where status = 'CONFIRMADA'`);
    await runner.query(`
      alter table espacos add column carencia_cancelamento_minutos integer not null default 0
        check (carencia_cancelamento_minutos between 0 and 1440)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table espacos drop column carencia_cancelamento_minutos');
    await runner.query('drop index reservas_termino_ix');
    await runner.query('drop index reservas_anuncio_ix');
    await runner.query(`
      alter table reservas drop column expirando_desde, drop column anuncios, drop column proximo_anuncio_em,
        drop column cancelada_em, drop column motivo_cancelamento, drop column excecao_cancelamento,
        drop column reembolso_centavos, drop column bonus_centavos, drop column estorno_numero,
        drop column estorno_status, drop column pagamento_nao_aproveitado`);
  }
}
