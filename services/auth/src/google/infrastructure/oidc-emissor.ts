import { createHash } from 'node:crypto';
import { type Breaker, createBreaker } from '@plataforma/runtime/breaker';
import type { Logger } from '@plataforma/runtime/logger';
import * as oidc from 'openid-client';
import type { Emissor, RespostaDoEmissor, Tentativa } from '../application/ports.ts';
import type { Identidade } from '../domain/identidade.ts';
import { identidadeFrom } from './id-token.ts';
import { IssuerAwayError } from './issuer-away-error.ts';

/** Well within the deadline of a call, which may come twice by then. */
const TIMEOUT_MS = 3_000;
/** What an issuer says of itself changes rarely; keys are looked up anew as they change. */
const METADATA_MS = 3_600_000;
/** Difference of clocks. */
const TOLERANCE_SECONDS = 30;

/** How the token, or the answer that brought it, is not what this attempt has to get. */
const NOT_CONFIRMED: ReadonlySet<string> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);

interface Options {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly logger: Logger;
}

/** The issuer over openid-client: authorization code with PKCE, and an ID token whose signature counts. */
export class OidcEmissor implements Emissor {
  readonly #options: Options;
  readonly #breaker: Breaker<[() => Promise<unknown>], unknown>;
  #metadata: { readonly configuration: oidc.Configuration; readonly until: number } | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#breaker = createBreaker('google', (call: () => Promise<unknown>) => call(), {
      timeoutMs: TIMEOUT_MS,
      isAnswer: (error) => notConfirmed(error) !== undefined,
    });
  }

  async authorizationUrl({ state, nonce, verifier, redirectUri }: Tentativa): Promise<string> {
    const known = this.#breaker.state === 'open' ? undefined : this.#known();
    // What is known is no answer of now: it must not be counted as one.
    const configuration = known ?? (await this.#answered(() => this.#configuration()));
    const url = oidc.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: redirectUri, scope: 'openid email profile', state, nonce },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  async identify(resposta: RespostaDoEmissor, tentativa: Tentativa): Promise<Identidade | undefined> {
    try {
      return await this.#answered(() => this.#trade(resposta, tentativa));
    } catch (error) {
      const reason = notConfirmed(error);
      if (reason === undefined) throw error;
      this.#options.logger.warn({ reason }, 'the issuer has not confirmed a login');
      return undefined;
    }
  }

  async #trade({ code, iss }: RespostaDoEmissor, tentativa: Tentativa): Promise<Identidade | undefined> {
    const { redirectUri, state, nonce, verifier } = tentativa;
    const configuration = await this.#configuration();
    const answer = new URL(redirectUri);
    for (const [name, value] of Object.entries({ code, state, iss }))
      if (value !== '') answer.searchParams.set(name, value);
    const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
    });
    return identidadeFrom(tokens.claims(), this.#options.clientId);
  }

  #known(): oidc.Configuration | undefined {
    return this.#metadata && this.#metadata.until > Date.now() ? this.#metadata.configuration : undefined;
  }

  async #configuration(): Promise<oidc.Configuration> {
    const known = this.#known();
    if (known) return known;
    const { issuer, clientId, clientSecret } = this.#options;
    const configuration = await oidc.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: 'RS256', [oidc.clockTolerance]: TOLERANCE_SECONDS },
      oidc.ClientSecretPost(clientSecret),
      {
        timeout: TIMEOUT_MS / 1_000,
        // Without it the signature of the ID token is not looked at, as it comes from the issuer itself.
        execute: [oidc.enableNonRepudiationChecks, ...(isLocal(issuer) ? [oidc.allowInsecureRequests] : [])],
      },
    );
    this.#metadata = { configuration, until: Date.now() + METADATA_MS };
    return configuration;
  }

  /** While the issuer is away, calls fail at once. */
  async #answered<T>(call: () => Promise<T>): Promise<T> {
    try {
      return (await this.#breaker.fire(call)) as T;
    } catch (error) {
      throw notConfirmed(error) === undefined ? new IssuerAwayError(error) : error;
    }
  }
}

/** Why the issuer, which has answered, does not vouch for this login; undefined for everything else. */
function notConfirmed(error: unknown): string | undefined {
  if (error instanceof oidc.ResponseBodyError)
    return error.error === 'invalid_grant' ? error.error : undefined;
  if (!(error instanceof oidc.ClientError)) return undefined;
  return error.code !== undefined && NOT_CONFIRMED.has(error.code) ? error.code : undefined;
}

/** The one issuer that is heard without TLS is on this machine. */
function isLocal(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
