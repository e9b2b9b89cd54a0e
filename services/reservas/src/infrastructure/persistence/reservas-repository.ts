import { Result } from '@plataforma/domain/result';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { isExclusionViolation } from '@plataforma/runtime/postgres';
import type { EntityManager } from 'typeorm';
import { EspacoIndisponivelError } from '../../domain/alternativas.ts';
import type { ReservaEvent } from '../../domain/estado-reserva.ts';
import type { Ocupacao } from '../../domain/periodo-reserva.ts';
import type { Prazo, ReservasRepository } from '../../domain/repositories.ts';
import { Reserva } from '../../domain/reserva.ts';
import { toIntegrationEvent } from '../messaging/event-mapper.ts';
import { insertRow, insertWithNewId } from './insert-row.ts';
import { OCUPACOES, type OcupacaoRow, ocupacaoFromRow } from './ocupacoes-sql.ts';
import { OCUPA_SQL } from './ocupantes-sql.ts';
import { type ReservaRow, reservaFromRow, reservaMutableColumns, reservaToRow } from './reserva-row.ts';

/** A booking that waits longer for others than this is told to come back. */
const LOCK_TIMEOUT = '3s';

const TRAVAR = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

const VENCE: Readonly<Record<Prazo, string>> = {
  ESPERA: `status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO') and expira_em <= $1 order by expira_em`,
  RESPOSTA: `status = 'EXPIRANDO' and proximo_anuncio_em <= $1 order by proximo_anuncio_em`,
  TERMINO: `status = 'CONFIRMADA' and data_fim <= $1 order by data_fim`,
};

const CONTAR_ATIVAS = `
  select count(*)::int as ativas from reservas where cliente_id = $1 and data_fim > $2 and ${OCUPA_SQL}`;

const POR_CHAVE = `
  select * from reservas where cliente_id = $1 and chave_idempotencia = $2 and criada_em >= $3
  order by criada_em desc limit 1`;

export class PostgresReservasRepository implements ReservasRepository {
  readonly #manager: EntityManager;
  readonly #tocados: Set<string>;

  constructor(manager: EntityManager, tocados: Set<string>) {
    this.#manager = manager;
    this.#tocados = tocados;
  }

  async travar(clienteId: string, espacoId: string): Promise<void> {
    await this.#manager.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await this.#manager.query(TRAVAR, [`reservas:cliente:${clienteId}`]);
    await this.#manager.query(TRAVAR, [`reservas:espaco:${espacoId}`]);
  }

  async travarEspaco(espacoId: string): Promise<void> {
    await this.#manager.query(TRAVAR, [`reservas:espaco:${espacoId}`]);
  }

  async vencidas(prazo: Prazo, agora: Date, maximo: number): Promise<Reserva[]> {
    const rows: ReservaRow[] = await this.#manager.query(
      `select * from reservas where ${VENCE[prazo]} limit $2 for no key update skip locked`,
      [agora, maximo],
    );
    return rows.map((row) => Reserva.restaurar(reservaFromRow(row)));
  }

  porId(id: string): Promise<Reserva | undefined> {
    return this.#one('select * from reservas where id = $1 for no key update', [id]);
  }

  porChave(clienteId: string, chave: string, desde: Date): Promise<Reserva | undefined> {
    return this.#one(POR_CHAVE, [clienteId, chave, desde]);
  }

  async contarAtivas(clienteId: string, agora: Date): Promise<number> {
    const [row]: { ativas: number }[] = await this.#manager.query(CONTAR_ATIVAS, [clienteId, agora]);
    return row?.ativas ?? 0;
  }

  async ocupacoes(espacoId: string, de: Date, ate: Date): Promise<Ocupacao[]> {
    const rows: OcupacaoRow[] = await this.#manager.query(OCUPACOES, [espacoId, de, ate]);
    return rows.map(ocupacaoFromRow);
  }

  async add(reserva: Reserva): Promise<Result<void, EspacoIndisponivelError>> {
    // The savepoint keeps the transaction usable when the constraints refuse the row.
    await this.#manager.query('savepoint nova_reserva');
    try {
      await insertWithNewId(this.#manager, 'reservas', reservaToRow(reserva.estado));
    } catch (error) {
      if (!isExclusionViolation(error)) throw error;
      await this.#manager.query('rollback to savepoint nova_reserva');
      return Result.fail(new EspacoIndisponivelError());
    }
    await this.#record(reserva, reserva.pullDomainEvents());
    return Result.ok(undefined);
  }

  async save(reserva: Reserva): Promise<void> {
    const events = reserva.pullDomainEvents();
    const columns = reservaMutableColumns(reserva.estado);
    const assignments = Object.keys(columns).map((name, i) => `${name} = $${i + 3}`);
    const [, affected]: [unknown[], number] = await this.#manager.query(
      `update reservas set ${assignments.join(', ')} where id = $1 and versao = $2`,
      [reserva.id, reserva.estado.versao - events.length, ...Object.values(columns)],
    );
    if (affected !== 1) throw new Error(`reservation ${reserva.id} was not locked before it was changed`);
    await this.#record(reserva, events);
  }

  /** Every event is a row of the history; those the contract knows leave through the outbox. */
  async #record({ estado }: Reserva, events: readonly ReservaEvent[]): Promise<void> {
    this.#tocados.add(estado.espacoId);
    for (const event of events) {
      const { mudanca, tipo } = event;
      await insertRow(this.#manager, 'reservas_historico', {
        reserva_id: estado.id,
        versao: mudanca.versao,
        evento: tipo,
        de_status: mudanca.de ?? null,
        para_status: mudanca.para,
        quem: mudanca.quem,
        porque: mudanca.porque,
        pagamento_id: 'pagamentoId' in event ? (event.pagamentoId ?? null) : null,
        em: mudanca.em,
      });
    }
    await appendToOutbox(
      this.#manager,
      events.flatMap((event) => toIntegrationEvent(event, estado) ?? []),
    );
  }

  async #one(sql: string, parameters: unknown[]): Promise<Reserva | undefined> {
    const [row]: ReservaRow[] = await this.#manager.query(sql, parameters);
    return row && Reserva.restaurar(reservaFromRow(row));
  }
}
