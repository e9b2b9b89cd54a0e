import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The waitlist. Triggers mark a space in the transaction in which something of it becomes free, whoever writes; a worker
 * offers the slot afterwards. The list of occupying statuses is written out because a migration never changes.
 */
export class FilaEspera1764000000009 implements MigrationInterface {
  readonly name = 'FilaEspera1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fila_espera (
        id               text primary key check (id ~ '^fil_[0-9A-Za-z]+$'),
        -- The order of arrival: written under the lock of the space, so it is the order of commits, too.
        ordem            bigint generated always as identity unique,
        versao           integer not null check (versao >= 1),
        status           text not null check (status in
          ('AGUARDANDO', 'OFERTADA', 'ATENDIDA', 'EXPIRADA', 'CANCELADA', 'ENCERRADA')),
        cliente_id       text not null,
        espaco_id        text not null references espacos,
        data_inicio      timestamptz not null,
        data_fim         timestamptz not null check (data_fim > data_inicio),
        extras           jsonb not null check (jsonb_typeof(extras) = 'array'),
        encerra_em       timestamptz not null check (encerra_em <= data_inicio),
        reserva_id       text references reservas,
        oferta_expira_em timestamptz,
        criada_em        timestamptz not null,
        atualizada_em    timestamptz not null,
        constraint fila_espera_oferta_ck check
          ((reserva_id is null) = (oferta_expira_em is null)
            and (status <> 'AGUARDANDO' or reserva_id is null)
            and (status not in ('OFERTADA', 'ATENDIDA', 'EXPIRADA') or reserva_id is not null))
      )`);
    await this.#indexes(runner);
    await this.#marks(runner);
  }

  async #indexes(runner: QueryRunner): Promise<void> {
    // One place in line per customer and period.
    await runner.query(`
      create unique index fila_espera_ativa_uq on fila_espera (cliente_id, espaco_id, data_inicio, data_fim)
      where status in ('AGUARDANDO', 'OFERTADA')`);
    await runner.query(`
      create unique index fila_espera_reserva_uq on fila_espera (reserva_id) where reserva_id is not null`);
    await runner.query(`
      create index fila_espera_aguardando_ix on fila_espera using gist (espaco_id, tstzrange(data_inicio, data_fim))
      where status = 'AGUARDANDO'`);
    await runner.query(`
      create index fila_espera_encerra_ix on fila_espera (encerra_em) where status = 'AGUARDANDO'`);
    await runner.query('create index fila_espera_cliente_ix on fila_espera (cliente_id, ordem)');
    await runner.query('create index fila_espera_criada_ix on fila_espera (criada_em)');
  }

  /** A slot also becomes free to somebody by one reservation less: so the spaces where its customer waits are marked. */
  async #marks(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fila_vagas (
        posicao   bigint generated always as identity primary key,
        espaco_id text not null
      )`);
    await runner.query(`
      create function fila_marcar_reserva() returns trigger language plpgsql as $$
      begin
        insert into fila_vagas (espaco_id)
          select new.espaco_id
          union
          select espaco_id from fila_espera where cliente_id = new.cliente_id and status = 'AGUARDANDO';
        return null;
      end $$`);
    await runner.query(`
      create trigger reservas_vaga after update of status on reservas for each row
      when (old.status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA')
        and new.status not in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA'))
      execute function fila_marcar_reserva()`);
    await runner.query(`
      create function fila_marcar_fechamento() returns trigger language plpgsql as $$
      begin
        insert into fila_vagas (espaco_id) values (old.espaco_id);
        return null;
      end $$`);
    await runner.query(`
      create trigger fechamentos_vaga after delete on fechamentos
      for each row execute function fila_marcar_fechamento()`);
    await runner.query(`
      create function fila_marcar_espaco() returns trigger language plpgsql as $$
      begin
        insert into fila_vagas (espaco_id) values (new.id);
        return null;
      end $$`);
    await runner.query(`
      create trigger espacos_vaga after update on espacos
      for each row execute function fila_marcar_espaco()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger espacos_vaga on espacos');
    await runner.query('drop trigger fechamentos_vaga on fechamentos');
    await runner.query('drop trigger reservas_vaga on reservas');
    await runner.query('drop function fila_marcar_espaco(), fila_marcar_fechamento(), fila_marcar_reserva()');
    await runner.query('drop table fila_vagas, fila_espera');
  }
}
