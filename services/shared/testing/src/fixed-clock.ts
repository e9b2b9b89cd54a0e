import type { Clock } from '@plataforma/domain/clock';

/** A clock that stands still until the test moves it. */
export class FixedClock implements Clock {
  #now: number;

  /**
   * @param iso an instant such as `2026-03-10T12:00:00Z`
   * @throws RangeError when it is not an instant.
   */
  constructor(iso: string) {
    this.#now = parse(iso);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Moves forward by milliseconds (backward when negative). */
  advance(ms: number): void {
    this.#now += ms;
  }

  /** Jumps to an instant. */
  set(iso: string): void {
    this.#now = parse(iso);
  }
}

function parse(iso: string): number {
  const instant = Date.parse(iso);
  if (Number.isNaN(instant)) throw new RangeError(`"${iso}" is not an instant`);
  return instant;
}
