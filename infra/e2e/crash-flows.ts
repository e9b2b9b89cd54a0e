import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import type { Customer, ReservaRest, TestStack } from './test-stack.ts';

export const FLOWS = ['book and pay', 'cancel for half', 'expire'] as const;
export type Flow = (typeof FLOWS)[number];

/** What the reservation is when its flow is over. */
export const END: Record<Flow, string> = {
  'book and pay': 'CONFIRMADA',
  'cancel for half': 'CANCELADA',
  expire: 'EXPIRADA',
};

/** Somebody about to act, and the reservation that they act on; none before they have made it. */
export interface Prepared {
  readonly customer: Customer;
  readonly reserva?: ReservaRest;
}

/** How long a customer keeps trying: a call that died holds its idempotency key for more than a minute. */
const PATIENCE_MS = 180_000;
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

/** What customers do while services die: they repeat what was not answered, under the same idempotency key. */
export class CrashFlows {
  readonly #platform: TestStack;

  constructor(platform: TestStack) {
    this.#platform = platform;
  }

  /** Everything that comes before the part in which a service dies. */
  async prepare(flow: Flow): Promise<Prepared> {
    const customer = await this.#platform.newCustomer();
    if (flow === 'book and pay') return { customer };
    if (flow === 'expire') return { customer, reserva: await this.#platform.reserve(customer) };
    const slot = await this.#soon();
    const { body } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
    await this.#platform.pay(await this.#withCheckout(customer, body.id));
    await patiently(async () => {
      const reserva = await this.#platform.reserva(customer, body.id);
      if (reserva.status !== 'CONFIRMADA') throw new Error(`${body.id} is ${reserva.status}`);
    });
    return { customer, reserva: body };
  }

  /** Does what the flow is about; answers the reservation. */
  async act(flow: Flow, { customer, reserva }: Prepared): Promise<string> {
    if (reserva === undefined) return this.#bookAndPay(customer);
    if (flow === 'cancel for half') {
      await patiently(() => customer.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, {}, reserva.id));
      return reserva.id;
    }
    const sql = `update reservas set expira_em = now() where id = $1`;
    await this.#platform.query('reservas', sql, [reserva.id]);
    return reserva.id;
  }

  async #bookAndPay(customer: Customer): Promise<string> {
    const slot = this.#platform.nextSlot();
    const { body } = await patiently(() =>
      customer.rest.post<ReservaRest>('/api/v1/reservas', slot, `cell-${customer.id}`),
    );
    await this.#platform.pay(await this.#withCheckout(customer, body.id));
    return body.id;
  }

  #withCheckout(customer: Customer, id: string): Promise<ReservaRest> {
    return patiently(async () => {
      const reserva = await this.#platform.reserva(customer, id);
      if (reserva.checkoutUrl === undefined) throw new Error(`${id} has no checkout yet`);
      return reserva;
    });
  }

  /**
   * So soon that a cancellation gives back half: then there is enough left at Stripe for a second refund, if anybody asked
   * for one. In a room of its own, or there would not be slots enough.
   */
  async #soon(): Promise<{ espacoId: string; dataInicio: string; dataFim: string }> {
    const { rest, stack } = this.#platform;
    const admin = { email: ADMIN_EMAIL, password: stack.secrets.adminPassword };
    const { body } = await rest.post<{ accessToken: string }>('/api/v1/auth/login', admin);
    const precoPorHora = { centavos: 100_01, moeda: 'BRL' };
    const sala = { nome: 'Sala Ipê', tipo: 'SALA_REUNIAO', capacidade: 10, precoPorHora };
    const { body: espaco } = await rest.as(body.accessToken).post<{ id: string }>('/api/v1/espacos', sala);
    const inicio = Math.ceil((Date.now() + 18 * HOUR_MS) / QUARTER_MS) * QUARTER_MS;
    const [dataInicio, dataFim] = [inicio, inicio + HOUR_MS].map((at) => new Date(at).toISOString());
    return { espacoId: espaco.id, dataInicio: dataInicio as string, dataFim: dataFim as string };
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Asks again while the platform is recovering, under the same idempotency key. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await pause(200);
  }
}
