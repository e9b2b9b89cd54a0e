import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed webhooks, stored before anything is done about them. */
export class WebhooksStripe1764000000002 implements MigrationInterface {
  readonly name = 'WebhooksStripe1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    // json, not jsonb: a signed body is a fact, and jsonb refuses an escaped NUL.
    await runner.query(`
      create table webhooks_stripe (
        id           text primary key,
        tipo         text not null,
        payload      json not null,
        estado       text not null default 'PENDENTE'
                     check (estado in ('PENDENTE', 'PROCESSADO', 'IGNORADO', 'ESTACIONADO')),
        tentativas   integer not null default 0 check (tentativas >= 0),
        tentar_em    timestamptz not null,
        erro         text,
        recebido_em  timestamptz not null,
        concluido_em timestamptz,
        constraint webhooks_stripe_concluido_ck check ((estado = 'PENDENTE') = (concluido_em is null))
      )`);
    await runner.query(`
      create index webhooks_stripe_pendentes_ix on webhooks_stripe (tentar_em) where estado = 'PENDENTE'`);
    await runner.query(`
      create index webhooks_stripe_estacionados_ix on webhooks_stripe (concluido_em) where estado = 'ESTACIONADO'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhooks_stripe');
  }
}
