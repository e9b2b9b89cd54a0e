import type { EntityManager } from 'typeorm';
import type { Reservas } from '../../application/ports.ts';
import type { ReservaAcompanhada } from '../../domain/acompanhamento.ts';

/** Before the lock, since a row that is not there cannot be locked. */
const ENSURE = 'insert into reservas (reserva_id) values ($1) on conflict (reserva_id) do nothing';

const LOCK = `
  select reserva_id as "reservaId", confirmada_na_versao as "confirmadaNaVersao",
    cancelada_na_versao as "canceladaNaVersao"
  from reservas where reserva_id = $1
  for update`;

const SAVE = `
  update reservas set confirmada_na_versao = $2, cancelada_na_versao = $3, atualizada_em = now()
  where reserva_id = $1`;

/** What is known of reservations, in PostgreSQL. */
export class PostgresReservas implements Reservas {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async abrir(reservaId: string): Promise<ReservaAcompanhada> {
    await this.#manager.query(ENSURE, [reservaId]);
    const [linha]: ReservaAcompanhada[] = await this.#manager.query(LOCK, [reservaId]);
    if (linha === undefined) throw new Error(`the row of ${reservaId} is gone`);
    return linha;
  }

  async guardar(reserva: ReservaAcompanhada): Promise<void> {
    const { reservaId, confirmadaNaVersao, canceladaNaVersao } = reserva;
    await this.#manager.query(SAVE, [reservaId, confirmadaNaVersao, canceladaNaVersao]);
  }
}
