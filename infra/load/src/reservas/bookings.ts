import { randomUUID } from 'node:crypto';

/** What tells one booking from another. */
export interface Booking {
  readonly espacoId: string;
  readonly clienteId: string;
  readonly inicio: Date;
  readonly fim: Date;
}

export const HOUR_MS = 3_600_000;

/** Slots that no other caller asks for: one hour every two hours, space by space. */
export function* bookings(spaces: readonly string[]): Generator<Booking> {
  const first = firstSlot();
  for (let slot = 0; slot < 1_900; slot++) {
    const inicio = new Date(first + slot * 2 * HOUR_MS);
    const fim = new Date(inicio.getTime() + HOUR_MS);
    for (const espacoId of spaces)
      yield { espacoId, clienteId: `cli_${randomUUID().slice(0, 8)}`, inicio, fim };
  }
}

/** The next slot. */
export function take(slots: Iterator<Booking>): Booking {
  const next = slots.next();
  if (next.done) throw new Error('out of slots');
  return next.value;
}

/** The first full hour three days from now: far enough ahead for any space. */
export function firstSlot(): number {
  return new Date(Date.now() + 72 * HOUR_MS).setUTCMinutes(0, 0, 0);
}
