import { type Env, wholeNumber } from '@plataforma/testing/whole-number';

/** Which schedules the torturer tries for each scenario. */
export interface Sementes {
  /** The first seed. */
  readonly inicio: number;
  /** So many in any case. */
  readonly minimo: number;
  /** And as many more as fit into so many seconds of all scenarios together. */
  readonly segundos: number;
}

/** Without being told otherwise. */
const MINIMO = 3;
const SEGUNDOS = 150;

/**
 * `TORTURA_SEGUNDOS` says how long it may take. `TORTURA_SEMENTES` says how many schedules there are for each scenario,
 * however long that takes, and no more unless time is given, too. `TORTURA_INICIO` is the first: a seed that failed is run
 * again alone by `TORTURA_INICIO=<seed> TORTURA_SEMENTES=1`.
 *
 * @throws RangeError in one sentence when one of them is no whole number from 1 on.
 */
export function sementesPedidas(env: Env = process.env): Sementes {
  const dita = (nome: string) => (env[nome]?.trim() ?? '') !== '';
  const contadas = dita('TORTURA_SEMENTES') && !dita('TORTURA_SEGUNDOS');
  return {
    inicio: wholeNumber(env, 'TORTURA_INICIO', { default: 1, min: 1 }),
    minimo: wholeNumber(env, 'TORTURA_SEMENTES', { default: MINIMO, min: 1 }),
    segundos: contadas ? 0 : wholeNumber(env, 'TORTURA_SEGUNDOS', { default: SEGUNDOS, min: 1 }),
  };
}

/**
 * The seeds of one scenario, until its share of the time is over.
 *
 * @param partes how many scenarios share the time
 * @param agora milliseconds of any clock
 */
export function* sementesDe(
  { inicio, minimo, segundos }: Sementes,
  partes: number,
  agora: () => number = () => performance.now(),
): Generator<number> {
  const ate = agora() + (segundos * 1000) / partes;
  for (let n = 0; n < minimo || agora() < ate; n++) yield inicio + n;
}
