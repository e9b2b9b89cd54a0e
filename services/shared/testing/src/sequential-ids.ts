import type { IdGenerator } from '@plataforma/domain/id';

/** Predictable identities of the real shape: `res_00000001`, `res_00000002`, one counter per prefix. */
export class SequentialIds implements IdGenerator {
  readonly #counters = new Map<string, number>();

  async next(prefix: string): Promise<string> {
    const counter = (this.#counters.get(prefix) ?? 0) + 1;
    this.#counters.set(prefix, counter);
    return `${prefix}_${counter.toString().padStart(8, '0')}`;
  }
}
