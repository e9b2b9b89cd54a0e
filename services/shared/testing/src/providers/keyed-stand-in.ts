import { readJson } from './read-json.ts';
import { type Answer, type ProviderRequest, StandIn, type StandInOptions } from './stand-in.ts';

/** A request under the right key, with a body that is JSON, or the fields of a form. */
export interface KeyedRequest {
  readonly headers: ProviderRequest['headers'];
  readonly body: unknown;
}

/** Options of a provider whose callers show a key. */
export interface KeyedOptions<M> extends StandInOptions<M> {
  readonly key?: string | undefined;
}

/** The key that is valid where no other one is said. */
export const PROVIDER_KEY = 'chave-do-provedor-0123456789';

/** A provider of one call, which takes nothing but what its documentation says. */
export abstract class KeyedStandIn<M> extends StandIn<M> {
  /** The key that is valid. */
  key: string;
  /** Where the call is made. */
  protected abstract readonly path: string;
  /** Media type of the bodies that it takes. */
  protected readonly type: 'application/json' | 'application/x-www-form-urlencoded' = 'application/json';
  /** With what it answers who shows no key, or another one. */
  protected abstract readonly noKey: Answer;

  constructor({ key = PROVIDER_KEY, ...options }: KeyedOptions<M> = {}) {
    super(options);
    this.key = key;
  }

  /** What is wrong with a request. */
  protected abstract check(request: KeyedRequest): Answer | undefined;
  /** Takes what a request that is as documented brings. */
  protected abstract accept(request: KeyedRequest): Answer;

  /** What shows the key. */
  protected authorization(): string {
    return `Bearer ${this.key}`;
  }

  /** Refuses whatever is not as documented before it takes anything. */
  respond({ method, path, headers, bytes }: ProviderRequest): Answer | undefined {
    if (path !== this.path) return undefined;
    if (method !== 'POST') return { status: 405, body: { message: 'method not allowed' } };
    if (headers.authorization !== this.authorization()) return this.noKey;
    if (headers['content-type']?.split(';', 1)[0] !== this.type) return { status: 415 };
    const body = this.#bodyOf(bytes.toString('utf8'));
    if (body === undefined) return { status: 400, body: { message: 'no JSON' } };
    return this.check({ headers, body }) ?? this.accept({ headers, body });
  }

  #bodyOf(text: string): unknown {
    return this.type === 'application/json' ? readJson(text) : Object.fromEntries(new URLSearchParams(text));
  }
}

/** Shows a name and the key (RFC 7617). */
export const basic = (user: string, key: string) =>
  `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`;
