import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { Outcomes } from './load.ts';
import type { SagaPlatform } from './platform.ts';

/** As many as a customer may have at a time. */
const BOOKINGS_PER_CUSTOMER = 5;
const HOUR_MS = 3_600_000;
/** A hold lasts longer; a checkout that comes later than this is a failure of the platform. */
const CHECKOUT_WAIT_MS = 20_000;

/** Books slots that no other customer asks for and pays them, as customers do. */
export class SagaBooker {
  readonly #platform: SagaPlatform;
  readonly #outcomes: Outcomes;
  readonly #reservas;
  readonly #first = new Date(Date.now() + 72 * HOUR_MS).setUTCMinutes(0, 0, 0);
  readonly #customers: string[] = [];
  #made = 0;

  constructor(platform: SagaPlatform, outcomes: Outcomes) {
    this.#platform = platform;
    this.#outcomes = outcomes;
    this.#reservas = createGrpcClient(ReservasService, {
      address: platform.reservasAddress,
      timeoutMs: 20_000,
    });
  }

  /** Makes the customers of the next `count` bookings, whose tokens last for them. */
  async prepare(count: number): Promise<void> {
    const needed = Math.ceil((this.#made + count + 1) / BOOKINGS_PER_CUSTOMER);
    this.#customers.push(...(await this.#platform.addCustomers(needed - this.#customers.length)));
  }

  /** @returns the id of the reservation, once the checkout has taken the payment. */
  async bookAndPay(): Promise<string> {
    const n = this.#made++;
    const authorization = this.#customers[Math.floor(n / BOOKINGS_PER_CUSTOMER)] as string;
    const { spaces } = this.#platform;
    const inicio = new Date(this.#first + Math.floor(n / spaces.length) * 2 * HOUR_MS);
    const { id, checkoutUrl } = await this.#reservas.criarReserva(
      {
        espacoId: spaces[n % spaces.length] as string,
        dataInicio: timestampFromDate(inicio),
        dataFim: timestampFromDate(new Date(inicio.getTime() + HOUR_MS)),
      },
      { headers: { authorization, 'idempotency-key': randomUUID() } },
    );
    await pay(checkoutUrl || (await this.#laterCheckout(id)));
    return id;
  }

  close(): void {
    this.#reservas.close();
  }

  /** The hold was answered without a charge; the charge comes by the event. */
  async #laterCheckout(id: string): Promise<string> {
    const deadline = performance.now() + CHECKOUT_WAIT_MS;
    for (;;) {
      const url = this.#outcomes.checkoutOf(id);
      if (url !== undefined) return url;
      if (performance.now() > deadline) throw new Error(`${id} has no checkout`);
      await sleep(20);
    }
  }
}

async function pay(checkoutUrl: string): Promise<void> {
  const response = await fetch(`${checkoutUrl}/pay`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(CHECKOUT_WAIT_MS),
  });
  await response.arrayBuffer();
  if (response.status !== 303) throw new Error(`paying answered ${response.status}`);
}
