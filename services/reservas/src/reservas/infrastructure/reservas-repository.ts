import { Result } from '@plataforma/domain/result';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { isExclusionViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import { EspacoIndisponivelError } from '../../agenda/domain/alternativas.ts';
import { ocupa } from '../../agenda/domain/status-reserva.ts';
import { OCUPACOES, type OcupacaoRow, ocupacaoFromRow } from '../../agenda/infrastructure/ocupacoes-sql.ts';
import { insertRow, insertWithNewId, type Row } from '../../comum/infrastructure/insert-row.ts';
import { TRAVAR, travaDoCliente } from '../../contas/infrastructure/trava-do-cliente.ts';
import type { Compromissos } from '../../espacos/domain/limites-de-pendentes.ts';
import type { Ocupacao } from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoReserva, ReservaEvent } from '../domain/estado-reserva.ts';
import {
  type PerguntaDeCompromissos,
  type Prazo,
  ReservaMudouError,
  type ReservasRepository,
} from '../domain/repositories.ts';
import { Reserva } from '../domain/reserva.ts';
import { lerCompromissos } from './compromissos-sql.ts';
import { semReserva, toIntegrationEvent, toReservaOferecida } from './event-mapper.ts';
import {
  COLUNAS_DA_RESERVA,
  type ReservaRow,
  reservaFromRow,
  reservaMutableColumns,
  reservaToRow,
} from './reserva-row.ts';
import { VENCIDA, vencidas } from './vencidas-sql.ts';

/** A booking that waits longer for others than this is told to come back. */
const LOCK_TIMEOUT = '3s';

const TENTAR = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as travado';

const POR_ID = `select ${COLUNAS_DA_RESERVA} from reservas where id = $1 for no key update`;

const PROXIMA_VERSAO = `
  select coalesce(max(agregado_versao), 0)::int + 1 as proxima from outbox
  where agregado_tipo = 'reserva' and agregado_id = $1`;

export class PostgresReservasRepository implements ReservasRepository {
  readonly #sql: Sql;
  readonly #tocados: Set<string>;

  constructor(sql: Sql, tocados: Set<string>) {
    this.#sql = sql;
    this.#tocados = tocados;
  }

  async travar(clienteId: string, espacoId: string): Promise<void> {
    await Promise.all([
      this.#sql.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`),
      this.#sql.query(TRAVAR, [travaDoCliente(clienteId)]),
      this.#sql.query(TRAVAR, [`reservas:espaco:${espacoId}`]),
    ]);
  }

  async tentarTravar(clienteId: string, espacoId: string): Promise<boolean> {
    const [, , [row]] = await Promise.all([
      this.#sql.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`),
      this.#sql.query(TRAVAR, [travaDoCliente(clienteId)]),
      this.#sql.query<{ travado: boolean }[]>(TENTAR, [`reservas:espaco:${espacoId}`]),
    ]);
    return row?.travado === true;
  }

  async travarEspaco(espacoId: string): Promise<void> {
    await this.#sql.query(TRAVAR, [`reservas:espaco:${espacoId}`]);
  }

  async tentarTravarCliente(clienteId: string): Promise<boolean> {
    const [row]: { travado: boolean }[] = await this.#sql.query(TENTAR, [travaDoCliente(clienteId)]);
    return row?.travado === true;
  }

  async vencidas(prazo: Prazo, agora: Date, maximo: number): Promise<Reserva[]> {
    const rows: ReservaRow[] = await this.#sql.query(
      `${vencidas(COLUNAS_DA_RESERVA, prazo)} for no key update skip locked`,
      [agora, maximo],
    );
    return rows.map((row) => Reserva.restaurar(reservaFromRow(row)));
  }

  async idsVencidas(prazo: Prazo, agora: Date, maximo: number): Promise<string[]> {
    const rows: { id: string }[] = await this.#sql.query(vencidas('id', prazo), [agora, maximo]);
    return rows.map(({ id }) => id);
  }

  vencida(prazo: Prazo, agora: Date, id: string): Promise<Reserva | undefined> {
    return this.#one(VENCIDA(prazo), [agora, id]);
  }

  findById(id: string): Promise<Reserva | undefined> {
    return this.#one(POR_ID, [id]);
  }

  compromissos(pergunta: PerguntaDeCompromissos): Promise<Compromissos> {
    return lerCompromissos(this.#sql, pergunta);
  }

  async ocupacoes(espacoId: string, de: Date, ate: Date): Promise<Ocupacao[]> {
    const rows: OcupacaoRow[] = await this.#sql.query(OCUPACOES, [espacoId, de, ate]);
    return rows.map(ocupacaoFromRow);
  }

  async add(reserva: Reserva): Promise<Result<void, EspacoIndisponivelError>> {
    // The savepoint keeps the transaction usable when the constraints refuse the row.
    const [, stored, recorded] = await Promise.allSettled([
      this.#sql.query('savepoint nova_reserva'),
      insertWithNewId(this.#sql, 'reservas', reservaToRow(reserva.estado)),
      this.#record(reserva, reserva.pullDomainEvents()),
    ]);
    if (stored.status === 'rejected') {
      if (!isExclusionViolation(stored.reason)) throw stored.reason;
      await this.#sql.query('rollback to savepoint nova_reserva');
      return Result.fail(new EspacoIndisponivelError());
    }
    if (recorded.status === 'rejected') throw recorded.reason;
    return Result.ok(undefined);
  }

  async save(reserva: Reserva): Promise<void> {
    const events = reserva.pullDomainEvents();
    const columns = reservaMutableColumns(reserva.estado);
    const assignments = Object.keys(columns).map((name, i) => `${name} = $${i + 3}`);
    const [updated, recorded] = await Promise.allSettled([
      this.#sql.query<[unknown[], number]>(
        `update reservas set ${assignments.join(', ')} where id = $1 and versao = $2`,
        [reserva.id, reserva.estado.versao - events.length, ...Object.values(columns)],
      ),
      this.#record(reserva, events),
    ]);
    if (updated.status === 'rejected') throw updated.reason;
    // What was recorded beside it goes with the transaction.
    if (updated.value[1] !== 1) throw new ReservaMudouError(reserva.id);
    if (recorded.status === 'rejected') throw recorded.reason;
  }

  async devolverPagamento(reservaId: string, pagamentoId: string, em: Date): Promise<void> {
    // There is no version to count by: each time that it is said gets the next number.
    await this.#sql.query(TRAVAR, [`reservas:inexistente:${reservaId}`]);
    const [{ proxima }]: [{ proxima: number }] = await this.#sql.query(PROXIMA_VERSAO, [reservaId]);
    await appendToOutbox(this.#sql, [semReserva(reservaId, pagamentoId, proxima, em)]);
  }

  /** Every event is a row of the history; those the contract knows leave through the outbox. */
  async #record({ estado }: Reserva, events: readonly ReservaEvent[]): Promise<void> {
    if (events.some(({ mudanca }) => mudaAgenda(mudanca))) this.#tocados.add(estado.espacoId);
    const announced = events
      .flatMap((event) => [toIntegrationEvent(event, estado), toReservaOferecida(event, estado)])
      .filter((one) => one !== undefined);
    await Promise.all([
      ...events.map((event) => insertRow(this.#sql, 'reservas_historico', historicoToRow(event, estado))),
      appendToOutbox(this.#sql, announced),
    ]);
  }

  async #one(text: string, parameters: unknown[]): Promise<Reserva | undefined> {
    const [row]: ReservaRow[] = await this.#sql.query(text, parameters);
    return row && Reserva.restaurar(reservaFromRow(row));
  }
}

function historicoToRow(event: ReservaEvent, { id }: EstadoReserva): Row {
  const { mudanca, tipo } = event;
  return {
    reserva_id: id,
    versao: mudanca.versao,
    evento: tipo,
    de_status: mudanca.de ?? null,
    para_status: mudanca.para,
    quem: mudanca.quem,
    porque: mudanca.porque,
    pagamento_id: 'pagamentoId' in event ? (event.pagamentoId ?? null) : null,
    em: mudanca.em,
  };
}

/** Whether a change takes a slot or frees one. */
function mudaAgenda({ de, para }: ReservaEvent['mudanca']): boolean {
  return (de !== undefined && ocupa(de)) !== ocupa(para);
}
