import { type KeyObject, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Answer, ProviderRequest } from './stand-in.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** Tokens that are remembered: far more than anybody asks for while they live. */
const MOST_TOKENS = 100;

interface Account {
  readonly client_email: string;
  readonly private_key_id: string;
}

/** The token endpoint of Google: an access token for an assertion that a service account has signed (RFC 7523). */
export class GoogleTokens {
  /** Access tokens that were given out. */
  readonly issued: string[] = [];
  /** What the next requests are answered. */
  readonly faults: Answer[] = [];
  /** Seconds that an access token is said to live. */
  lifetime = 3_599;
  readonly #publicKey: KeyObject;
  readonly #account: Account;
  readonly #alive = new Set<string>();

  constructor(publicKey: KeyObject, account: Account) {
    this.#publicKey = publicKey;
    this.#account = account;
  }

  /** Access tokens that were given out are taken no more. */
  revoke(): void {
    this.#alive.clear();
  }

  /** Whether an `authorization` shows a token that was given out here. */
  areFrom(authorization = ''): boolean {
    return this.#alive.has(authorization.replace(/^Bearer /, ''));
  }

  /** The answer of the endpoint at this address. */
  async respond(request: ProviderRequest, endpoint: string): Promise<Answer> {
    const fault = this.faults.shift();
    if (fault !== undefined) return fault;
    if (request.method !== 'POST') return refusal('invalid_request');
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
      return refusal('invalid_request');
    const form = new URLSearchParams(request.bytes.toString('utf8'));
    if (form.get('grant_type') !== GRANT) return refusal('unsupported_grant_type');
    if (!(await this.#isOurs(form.get('assertion') ?? '', endpoint))) return refusal('invalid_grant');
    return { status: 200, body: this.#give() };
  }

  async #isOurs(assertion: string, audience: string): Promise<boolean> {
    try {
      const { payload, protectedHeader } = await jwtVerify(assertion, this.#publicKey, {
        ...{ algorithms: ['RS256'], issuer: this.#account.client_email, audience },
        requiredClaims: ['iat', 'exp'],
      });
      const { scope, iat = 0, exp = 0 } = payload;
      return scope === SCOPE && exp - iat <= 3_600 && protectedHeader.kid === this.#account.private_key_id;
    } catch {
      return false;
    }
  }

  #give() {
    const access_token = `ya29.${randomUUID()}`;
    this.#alive.add(access_token);
    const [oldest = ''] = this.#alive;
    if (this.#alive.size > MOST_TOKENS) this.#alive.delete(oldest);
    this.issued.push(access_token);
    if (this.issued.length > MOST_TOKENS) this.issued.shift();
    return { access_token, expires_in: this.lifetime, token_type: 'Bearer' };
  }
}

const refusal = (error: string): Answer => ({ status: 400, body: { error } });
