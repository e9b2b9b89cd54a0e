import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type LoadResult, round, summarize } from '../stats.ts';

/** One booking to make: resolves with the reservation once it is paid at the checkout. */
export type BookAndPay = () => Promise<string>;

/**
 * What became of the bookings of one rate. Times of `LoadResult` from the due start of a booking to its confirmation; one
 * that failed took for ever.
 */
export interface SagaResult extends LoadResult {
  /** Bookings started a second. */
  readonly rate: number;
  readonly failed: number;
  /** Confirmed bookings whose e-mail is recorded as sent. */
  readonly emailed: number;
  /** From the due start to the checkout's answer to the payment. */
  readonly paidP95: number;
  /** Until the last confirmation and e-mail were there, after the last start. */
  readonly drainSeconds: number;
}

/** Beyond reach, all that was begun has to be finished before the next round, or the two would be one. */
const DRAIN_MS = 300_000;
/** More bookings than this under way at once means that the rate is far beyond reach: later ones are not started. */
const MAX_UNDER_WAY = 2_000;

/** Hears of every charge, confirmation and e-mail. */
export class Outcomes {
  readonly #checkouts = new Map<string, string>();
  readonly #confirmed = new Map<string, number>();
  readonly #emailed = new Set<string>();

  constructor(nats: NatsConnection) {
    listen(nats, 'pagamentos.v1.CobrancaCriada', ({ reservaId, checkoutUrl }) => {
      if (checkoutUrl) this.#checkouts.set(reservaId, checkoutUrl);
    });
    listen(nats, 'reservas.v1.ReservaConfirmada', ({ reservaId }) =>
      this.#confirmed.set(reservaId, performance.now()),
    );
    listen(nats, 'notificacoes.v1.NotificacaoEnviada', ({ reservaId }) => this.#emailed.add(reservaId));
  }

  checkoutOf(reservaId: string): string | undefined {
    return this.#checkouts.get(reservaId);
  }

  /** When the reservation was confirmed, on the clock of `performance.now()`. */
  confirmedAt(reservaId: string): number | undefined {
    return this.#confirmed.get(reservaId);
  }

  emailed(reservaId: string): boolean {
    return this.#emailed.has(reservaId);
  }
}

interface Fact {
  readonly reservaId: string;
  readonly checkoutUrl?: string;
}

function listen(nats: NatsConnection, subject: string, heard: (fact: Fact) => void): void {
  nats.subscribe(subject, {
    callback: (error, message) => {
      // A delivery to a consumer of the platform carries the same subject.
      if (error || message.reply?.startsWith('$JS.ACK')) return;
      heard(message.json<Fact>());
    },
  });
}

/**
 * Starts `rate` bookings a second for `seconds`, whether or not the ones before have ended (an open model: a slow
 * platform does not get fewer customers), then waits for the stragglers.
 */
export async function runSagas(options: {
  readonly rate: number;
  /** How long bookings are started. */
  readonly seconds: number;
  readonly outcomes: Outcomes;
  readonly bookAndPay: BookAndPay;
}): Promise<SagaResult> {
  const { rate, outcomes, bookAndPay } = options;
  const booked: Array<{ due: number; id: string }> = [];
  const paidAfter: number[] = [];
  let underWay = 0;
  let failed = 0;
  const one = async (due: number) => {
    underWay++;
    try {
      booked.push({ due, id: await bookAndPay() });
      paidAfter.push(performance.now() - due);
    } catch (error) {
      // One of them says what went wrong; thousands would say the same.
      if (failed++ === 0) console.error(`bench:saga: a booking failed: ${error}`);
    } finally {
      underWay--;
    }
  };
  const start = performance.now();
  for (let n = 0; n < rate * options.seconds; n++) {
    const due = start + (n * 1_000) / rate;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    if (underWay < MAX_UNDER_WAY) void one(due);
    else failed++;
  }
  const lastStart = performance.now();
  await untilDone(
    () =>
      underWay === 0 &&
      booked.every(({ id }) => outcomes.confirmedAt(id) !== undefined && outcomes.emailed(id)),
  );
  const times = booked.map(({ due, id }) => (outcomes.confirmedAt(id) ?? Number.POSITIVE_INFINITY) - due);
  const confirmed = times.filter(Number.isFinite).length;
  const lost = Array.from({ length: failed + underWay }, () => Number.POSITIVE_INFINITY);
  const lastConfirmed = Math.max(start, ...booked.map(({ id }) => outcomes.confirmedAt(id) ?? start));
  const seconds = (lastConfirmed - start) / 1_000;
  return {
    rate,
    ...summarize([...times, ...lost], seconds),
    perSecond: round(confirmed / seconds),
    failed: lost.length + booked.length - confirmed,
    emailed: booked.filter(({ id }) => outcomes.emailed(id)).length,
    paidP95: summarize(paidAfter, 1).p95,
    drainSeconds: Math.round((performance.now() - lastStart) / 100) / 10,
  };
}

async function untilDone(done: () => boolean): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  while (!done() && performance.now() < deadline) await sleep(50);
}
