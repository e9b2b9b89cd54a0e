import { ErroDaPlataforma } from './erro.ts';
import { type Limits, within } from './retries.ts';

/** What calls are made with: a session of a person, or the key of a program. */
export interface Credentials {
  /** An access token that is good now, fetched first where need be. */
  token(): Promise<string>;
  /** Another token than the one that was refused. */
  replace(refused: string): Promise<string>;
}

/** Makes a call with a token, and once more with another one when the token is what was refused. */
export async function authorised<T>(
  credentials: Credentials,
  limits: Limits,
  call: (token: string) => Promise<T>,
): Promise<T> {
  const token = await within(limits, credentials.token());
  try {
    return await call(token);
  } catch (error) {
    if (!refusesToken(error)) throw error;
    return call(await within(limits, credentials.replace(token)));
  }
}

/** What the gateway refuses may come without a reason. Other reasons are about passwords and codes, which another token would not mend. */
function refusesToken(error: unknown): boolean {
  if (!(error instanceof ErroDaPlataforma) || error.code !== 'unauthenticated') return false;
  return (
    error.reason === undefined || error.reason === 'TOKEN_INVALIDO' || error.reason === 'NAO_AUTENTICADO'
  );
}

/** An access token as it is issued. */
export interface Grant {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** A token is replaced this long before it ends, or at half of its life where that is short: calls and clocks take time. */
const EARLY_MS = 30_000;

/**
 * Keeps one access token and has it renewed shortly before it ends, once for all calls that need it meanwhile. A renewal that failed
 * is tried again by the next call.
 */
export class RenewedToken implements Credentials {
  readonly #renew: () => Promise<Grant>;
  #current: { readonly token: string; readonly until: number } | undefined;
  #renewing: Promise<string> | undefined;

  constructor(renew: () => Promise<Grant>, first?: Grant) {
    this.#renew = renew;
    if (first) this.#keep(first);
  }

  async token(): Promise<string> {
    if (this.#current && performance.now() < this.#current.until) return this.#current.token;
    return this.#renewed();
  }

  async replace(refused: string): Promise<string> {
    // Another call may have had it replaced meanwhile.
    return this.#current && this.#current.token !== refused ? this.token() : this.#renewed();
  }

  #renewed(): Promise<string> {
    this.#renewing ??= this.#renew()
      .then((grant) => this.#keep(grant))
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  #keep({ accessToken, expiresIn }: Grant): string {
    const lifeMs = expiresIn * 1_000;
    const until = performance.now() + lifeMs - Math.min(EARLY_MS, lifeMs / 2);
    this.#current = { token: accessToken, until };
    return accessToken;
  }
}
