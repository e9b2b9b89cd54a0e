import { randomBytes } from 'node:crypto';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Pool } from 'pg';
import { NENHUMA_DISPENSA } from '../../../../services/reservas/src/espacos/domain/dispensas.ts';
import { createUnitOfWork } from '../../../../services/reservas/src/persistence/unit-of-work.ts';
import { CriarReservaHandler } from '../../../../services/reservas/src/reservas/application/criar-reserva.ts';
import type { EstadoReserva } from '../../../../services/reservas/src/reservas/domain/estado-reserva.ts';
import { CobrancasDaSaga } from '../../../../services/reservas/src/saga/application/cobrancas-da-saga.ts';
import type { Booking } from './bookings.ts';
import { withDataSource } from './reads.ts';
import { recordStatements, type Statement } from './statements.ts';

/**
 * The statements that CriarReserva sends for one booking, those that take the slot and those that note its charge,
 * recorded while the real handler makes it. Replaying them by the bare driver is the baseline: the same SQL, with nothing
 * of ours around it.
 */
export function recordBooking(databaseUrl: string, booking: Booking): Promise<Statement[]> {
  return withDataSource(databaseUrl, (dataSource) => {
    const uow = createUnitOfWork(dataSource);
    const clock = { now: () => new Date() };
    const nada = () => {};
    const observador = {
      reservaCriada: nada,
      cobrancaAdiada: nada,
      pagamentoSemReserva: nada,
      fatoSemReserva: nada,
      pagamentoDivergente: nada,
    };
    const cobranca = { pagamentoId: RECORDED_PAYMENT, checkoutUrl: 'https://checkout.exemplo/gravada' };
    const cobrar = async ({ id }: EstadoReserva) =>
      ({ tipo: 'CobrancaCriada', reservaId: id, ...cobranca, creditosUsados: Dinheiro.zero() }) as const;
    const pagamentos = { criarCobranca: cobrar, usarCreditos: cobrar };
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos, clock, observador });
    const ids = { next: async () => RECORDED_ID };
    const handler = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
    return recordStatements(dataSource, async () => {
      const outcome = await handler.execute({
        ...booking,
        quem: booking.clienteId,
        extras: [],
        cotacaoId: undefined,
        dispensas: NENHUMA_DISPENSA,
      });
      if (outcome.isFailure) throw outcome.error;
    });
  });
}

const RECORDED_ID = 'res_gravada0';
const RECORDED_PAYMENT = 'pag_gravada0';

/** Replays the recorded statements for other bookings, one after the other, each when the one before is answered. */
export class Baseline {
  readonly #pool: Pool;
  readonly #statements: readonly Statement[];
  readonly #recorded: Booking;
  #next = 0;

  /** @param connections as many as the service's own pool has. */
  constructor(databaseUrl: string, statements: readonly Statement[], recorded: Booking, connections: number) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: connections });
    this.#statements = statements;
    this.#recorded = recorded;
  }

  get statements(): number {
    return this.#statements.length;
  }

  async book(booking: Booking): Promise<void> {
    const swap = this.#swapper(booking);
    const client = await this.#pool.connect();
    try {
      for (const { text, values, name } of this.#statements)
        await client.query({ text, values: values.map(swap), ...(name && { name }) });
    } finally {
      client.release();
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** Puts the new booking's values wherever the recorded one's stand, in JSON and arrays too. */
  #swapper(booking: Booking): (value: unknown) => unknown {
    const id = `res_b${(this.#next++).toString(36)}${randomBytes(2).toString('hex')}`;
    const recorded = this.#recorded;
    const texts: ReadonlyArray<readonly [string, string]> = [
      [RECORDED_ID, id],
      [RECORDED_PAYMENT, id.replace('res_', 'pag_')],
      [recorded.espacoId, booking.espacoId],
      [recorded.clienteId, booking.clienteId],
      [recorded.inicio.toISOString().slice(0, 19), booking.inicio.toISOString().slice(0, 19)],
      [recorded.fim.toISOString().slice(0, 19), booking.fim.toISOString().slice(0, 19)],
    ];
    const shift = booking.inicio.getTime() - recorded.inicio.getTime();
    const near = (date: Date) => Math.abs(date.getTime() - recorded.inicio.getTime()) < 48 * 3_600_000;
    const swap = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(swap);
      if (value instanceof Date) return near(value) ? new Date(value.getTime() + shift) : value;
      if (typeof value !== 'string') return value;
      if (/^[0-9a-f-]{36}$/.test(value)) return crypto.randomUUID();
      return texts.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    };
    return swap;
  }
}
