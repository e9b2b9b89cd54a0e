import { type Env, wholeNumber } from '@plataforma/testing/whole-number';

/** Which schedules the torturer tries for each scenario. */
export interface Seeds {
  /** The first seed. */
  readonly first: number;
  /** So many in any case. */
  readonly minimum: number;
  /** And as many more as fit into so many seconds of all scenarios together. */
  readonly seconds: number;
}

/** Without being told otherwise. */
const MINIMUM = 3;
const SECONDS = 150;

/**
 * `TORTURER_SECONDS` says how long it may take. `TORTURER_SEEDS` says how many schedules there are for each scenario,
 * however long that takes, and no more unless time is given, too. `TORTURER_FIRST_SEED` is the first: a seed that failed is run
 * again alone by `TORTURER_FIRST_SEED=<seed> TORTURER_SEEDS=1`.
 *
 * @throws RangeError in one sentence when one of them is no whole number from 1 on.
 */
export function askedSeeds(env: Env = process.env): Seeds {
  const isSet = (name: string) => (env[name]?.trim() ?? '') !== '';
  const counted = isSet('TORTURER_SEEDS') && !isSet('TORTURER_SECONDS');
  return {
    first: wholeNumber(env, 'TORTURER_FIRST_SEED', { default: 1, min: 1 }),
    minimum: wholeNumber(env, 'TORTURER_SEEDS', { default: MINIMUM, min: 1 }),
    seconds: counted ? 0 : wholeNumber(env, 'TORTURER_SECONDS', { default: SECONDS, min: 1 }),
  };
}

/**
 * The seeds of one scenario, until its share of the time is over.
 *
 * @param shares how many scenarios share the time
 * @param now milliseconds of any clock
 */
export function* seedsOf(
  { first, minimum, seconds }: Seeds,
  shares: number,
  now: () => number = () => performance.now(),
): Generator<number> {
  const until = now() + (seconds * 1000) / shares;
  for (let n = 0; n < minimum || now() < until; n++) yield first + n;
}
