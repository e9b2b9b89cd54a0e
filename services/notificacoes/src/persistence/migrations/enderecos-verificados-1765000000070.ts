import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Addresses that are proved to be their owners', messages that wait for that, and how many a day each address gets.
 *
 * Copies of the service that do not know this yet keep working: they send what they write, as before.
 */
export class EnderecosVerificados1765000000070 implements MigrationInterface {
  readonly name = 'EnderecosVerificados1765000000070';

  async up(runner: QueryRunner): Promise<void> {
    // Whoever was known before addresses were verified keeps getting their messages.
    await runner.query('alter table contatos add column email_verificado boolean not null default true');
    await runner.query('alter table contatos alter column email_verificado set default false');
    await runner.query(`
      alter table notificacoes
        -- Waits for its addressee to be known and verified: no sender looks at it.
        add column retida boolean not null default false,
        -- The day on which it was counted among the messages of its address.
        add column contada_em date,
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (
          'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
          'ESTORNO_CONCLUIDO', 'VAGA_OFERECIDA', 'BOAS_VINDAS'
        ))`);
    await runner.query(`
      update notificacoes n set retida = true
      where status = 'PENDENTE' and posse is null
        and not exists (select from contatos c where c.usuario_id = n.cliente_id)`);
    await runner.query(`
      create index notificacoes_prontas_ix on notificacoes (disponivel_em)
      where status = 'PENDENTE' and not retida`);
    await runner.query(`
      create index notificacoes_retidas_ix on notificacoes (cliente_id) where status = 'PENDENTE' and retida`);
    await runner.query(`
      create index notificacoes_retidas_desde_ix on notificacoes (criada_em)
      where status = 'PENDENTE' and retida`);
    await runner.query(`
      create table envios_do_dia (
        -- SHA-256: what is counted needs no address.
        endereco bytea not null,
        dia      date not null,
        quantos  integer not null check (quantos > 0),
        primary key (endereco, dia)
      )`);
    await runner.query('create index envios_do_dia_dia_ix on envios_do_dia (dia)');
  }

  /** Refuses, and changes nothing, while there are messages that the older schema cannot hold. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notificacoes
        drop constraint notificacoes_modelo_check,
        add constraint notificacoes_modelo_check check (modelo in (
          'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA', 'LEMBRETE_RESERVA', 'PAGAMENTO_RECUSADO',
          'ESTORNO_CONCLUIDO', 'VAGA_OFERECIDA'
        )),
        drop column contada_em,
        drop column retida`);
    await runner.query('drop table envios_do_dia');
    await runner.query('alter table contatos drop column email_verificado');
  }
}
