import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Devices that push messages go to. */
export class DispositivosPush1765000000410 implements MigrationInterface {
  readonly name = 'DispositivosPush1765000000410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table dispositivos_push (
        id              text primary key check (id ~ '^dsp_[0-9A-Za-z]+$'),
        cliente_id      text not null,
        tipo            text not null check (tipo in ('FCM', 'WEB_PUSH')),
        nome            text not null check (length(nome) between 1 and 60),
        -- Token of FCM.
        token           text check (length(token) between 1 and 4096),
        -- Subscription of a browser, and the public key of ours that it was made with.
        endpoint        text check (length(endpoint) between 1 and 2048),
        p256dh          text,
        auth            text,
        chave_publica   text,
        -- SHA-256 of what it is reached by, which is longer than an index takes.
        impressao       bytea not null check (length(impressao) = 32),
        -- Of its owner's sessions, and the one of them, that have registered it: it ends with them.
        geracao         integer not null check (geracao > 0),
        sessao_id       text not null,
        criado_em       timestamptz not null,
        registrado_em   timestamptz not null,
        -- Goes up with every registration: what was seen of the one before says nothing of this one.
        versao          integer not null default 1,
        ultimo_envio_em timestamptz,
        constraint dispositivos_push_de_um_tipo check (
          num_nonnulls(token) = case tipo when 'FCM' then 1 else 0 end
          and num_nonnulls(endpoint, p256dh, auth, chave_publica) = case tipo when 'FCM' then 0 else 4 end)
      )`);
    // A device shows messages to one person.
    await runner.query(`
      create unique index dispositivos_push_de_um_dono_uq on dispositivos_push (impressao)`);
    await runner.query(
      'create index dispositivos_push_cliente_ix on dispositivos_push (cliente_id, registrado_em)',
    );
    await runner.query('create index dispositivos_push_sessao_ix on dispositivos_push (sessao_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dispositivos_push');
  }
}
