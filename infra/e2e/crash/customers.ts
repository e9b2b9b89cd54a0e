import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { delay } from '@plataforma/runtime/wait';
import type { Customer, ReservaRest } from '../platform/platform.ts';
import type { TestStack } from '../platform/test-stack.ts';

/** How long a customer keeps trying: a call that died holds its idempotency key for more than a minute. */
const PATIENCE_MS = 180_000;
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

/** What is asked for when a slot is booked. */
export interface Slot {
  readonly espacoId: string;
  readonly dataInicio: string;
  readonly dataFim: string;
}

/** What people do while services die: they repeat what was not answered, under the same idempotency key. */
export class CrashCustomers {
  readonly platform: TestStack;

  constructor(platform: TestStack) {
    this.platform = platform;
  }

  async book(customer: Customer, slot: Slot): Promise<string> {
    const key = `cell-${customer.id}-${slot.dataInicio}`;
    return (await patiently(() => customer.rest.post<ReservaRest>('/api/v1/reservas', slot, key))).body.id;
  }

  /** A customer who has paid, and was not told so, sees it when they look again. */
  pay(customer: Customer, id: string): Promise<void> {
    return patiently(async () => {
      const reserva = await this.platform.reserva(customer, id);
      if (reserva.status === 'CONFIRMADA') return;
      if (reserva.checkoutUrl === undefined) throw new Error(`${id} has no checkout yet`);
      await this.platform.pay(reserva);
    });
  }

  async payAndWait(customer: Customer, id: string): Promise<void> {
    await this.pay(customer, id);
    await patiently(async () => {
      const { status } = await this.platform.reserva(customer, id);
      if (status !== 'CONFIRMADA') throw new Error(`${id} is ${status}`);
    });
  }

  /** @returns when it was cancelled, which may be long before anybody heard of it. */
  async cancel(who: RestClient, id: string, exception = {}): Promise<number> {
    await patiently(() =>
      who.post(`/api/v1/reservas/${id}/cancelar`, { motivo: 'imprevisto', ...exception }, id),
    );
    const sql = 'select cancelada_em as em from reservas where id = $1';
    const [row] = await patiently(() => this.platform.query<{ em: Date | null }>('reservas', sql, [id]));
    return row?.em?.getTime() ?? Date.now();
  }

  /** A room of its own: no other customer is in its way, and in its line. */
  async room(): Promise<string> {
    return (await this.platform.newRoom({ precoPorHora: { centavos: 100_01, moeda: 'BRL' } })).id;
  }

  /**
   * So soon that a cancellation gives back half: then there is enough left at Stripe for a second refund, if anybody asked
   * for one.
   */
  async soon(): Promise<Slot> {
    const inicio = Math.ceil((Date.now() + 18 * HOUR_MS) / QUARTER_MS) * QUARTER_MS;
    const [dataInicio = '', dataFim = ''] = [inicio, inicio + HOUR_MS].map((at) =>
      new Date(at).toISOString(),
    );
    return { espacoId: await this.room(), dataInicio, dataFim };
  }
}

/** Asks again while the platform is recovering. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(200);
  }
}
