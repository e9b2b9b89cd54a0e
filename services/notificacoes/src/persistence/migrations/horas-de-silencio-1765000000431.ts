import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Hours in which what can wait waits, and which messages do. Who has said nothing has those of the start, which are for what makes
 * a sound: e-mails, which is all that has been sent so far, do not wait.
 */
export class HorasDeSilencio1765000000431 implements MigrationInterface {
  readonly name = 'HorasDeSilencio1765000000431';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table preferencias
        -- All three null: none.
        add column silencio_inicio text default '22:00' check (silencio_inicio ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
        add column silencio_fim text default '08:00' check (silencio_fim ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
        add column silencio_fuso text default 'America/Sao_Paulo' check (length(silencio_fuso) between 1 and 64),
        add column silencio_email boolean not null default false,
        add constraint preferencias_silencio_ck check (
          num_nulls(silencio_inicio, silencio_fim, silencio_fuso) in (0, 3) and silencio_inicio <> silencio_fim)`);
    // Null for one that does not wait for their end. Later than now only while it waits.
    await runner.query('alter table notificacoes add column silencio_ate timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notificacoes drop column silencio_ate');
    await runner.query(`
      alter table preferencias
        drop column silencio_inicio, drop column silencio_fim, drop column silencio_fuso, drop column silencio_email`);
  }
}
