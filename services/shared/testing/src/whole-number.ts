/** The environment as the process got it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** How a variable that steers a proof is read. */
export interface WholeNumberOptions {
  /** What holds when the variable is missing or empty. */
  readonly default: number;
  /** The smallest number that makes sense; default 0. */
  readonly min?: number;
}

/**
 * A whole number that steers a proof (how many rounds, which seed). Anything else is refused: a proof that took it for
 * nothing would end well without having tried anything.
 *
 * @throws RangeError in one sentence that names the variable, what was given and what is needed.
 */
export function wholeNumber(
  env: Env,
  name: string,
  { default: fallback, min = 0 }: WholeNumberOptions,
): number {
  const text = env[name]?.trim() ?? '';
  if (text === '') return fallback;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > MAX)
    throw new RangeError(`${name} needs a whole number from ${min} to ${MAX}, not "${text}"`);
  return number;
}

/** Seeds are added to calls and rounds, and must stay whole then. */
const MAX = 2 ** 31 - 1;
