import { createHash, randomBytes } from 'node:crypto';
import type { Person } from './people.ts';

const CODE_LIFE_MS = 60_000;
/** More than one person at one machine can have open; the oldest go first. */
const MOST = 1_000;

/** A relying party as it is registered here. */
export interface OidcClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
}

/** What a relying party asks of the browser's owner. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string;
}

/** What a code stands for. */
interface Grant extends AuthorizationRequest {
  readonly person: Person;
  readonly until: number;
}

/** Requests that wait for their answer in a browser, and codes that wait to be traded in: each is used once. */
export class Authorizations {
  readonly #pending = new Map<string, AuthorizationRequest>();
  readonly #grants = new Map<string, Grant>();

  ask(request: AuthorizationRequest): string {
    return keep(this.#pending, request);
  }

  answer(pending: string): AuthorizationRequest | undefined {
    return taken(this.#pending, pending);
  }

  grant(request: AuthorizationRequest, person: Person): string {
    return keep(this.#grants, { ...request, person, until: Date.now() + CODE_LIFE_MS });
  }

  /** Undefined unless the code was given to this client, for this address and proof (RFC 7636), a moment ago. */
  redeem(
    code: string,
    proof: { readonly clientId: string; readonly redirectUri: string; readonly verifier: string },
  ): Grant | undefined {
    const grant = taken(this.#grants, code);
    if (!grant || grant.until < Date.now()) return undefined;
    const challenge = createHash('sha256').update(proof.verifier).digest('base64url');
    const same =
      grant.clientId === proof.clientId &&
      grant.redirectUri === proof.redirectUri &&
      grant.codeChallenge === challenge;
    return same ? grant : undefined;
  }
}

function keep<T>(store: Map<string, T>, value: T): string {
  const [oldest] = store.size < MOST ? [] : store.keys();
  if (oldest !== undefined) store.delete(oldest);
  const key = randomBytes(32).toString('base64url');
  store.set(key, value);
  return key;
}

function taken<T>(store: Map<string, T>, key: string): T | undefined {
  const value = store.get(key);
  store.delete(key);
  return value;
}
