import { type Env, wholeNumber } from '@plataforma/testing/whole-number';

/** Which schedules the torturer tries for each scenario: `quantas` seeds, from `inicio` on. */
export interface Sementes {
  readonly inicio: number;
  readonly quantas: number;
}

/**
 * `TORTURA_SEMENTES` says how many schedules there are for each scenario, `TORTURA_INICIO` which is the first: a seed that
 * failed is run again alone by `TORTURA_INICIO=<seed> TORTURA_SEMENTES=1`.
 *
 * @throws RangeError in one sentence when one of them is no whole number from 1 on.
 */
export function sementesPedidas(env: Env = process.env): Sementes {
  return {
    inicio: wholeNumber(env, 'TORTURA_INICIO', { default: 1, min: 1 }),
    quantas: wholeNumber(env, 'TORTURA_SEMENTES', { default: 3, min: 1 }),
  };
}
