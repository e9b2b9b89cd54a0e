import { randomBytes } from 'node:crypto';
import type { HandlerContext } from '@connectrpc/connect';

const LIFE_SECONDS = 600;
const BYTES = 32;

/**
 * Ties attempts to the browser that began them: a login that somebody else began and finishes in this browser, or the
 * other way round, lacks it. Attempts side by side share one.
 */
export class BrowserCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #value: RegExp;

  /** @param secure whether browsers come over TLS: then no page of a neighbouring name can set it either. */
  constructor({ secure }: { readonly secure: boolean }) {
    this.#name = secure ? '__Host-google' : 'google';
    this.#attributes = `Max-Age=${LIFE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    this.#value = new RegExp(`(?:^|[;,]\\s*)${this.#name}=([\\w-]{43})(?=\\s*(?:[;,]|$))`);
  }

  read({ requestHeader }: Pick<HandlerContext, 'requestHeader'>): string | undefined {
    return this.#value.exec(requestHeader.get('cookie') ?? '')?.[1];
  }

  /** What the browser has already, or something new; good for another ten minutes. */
  give(context: Pick<HandlerContext, 'requestHeader' | 'responseHeader'>): string {
    const value = this.read(context) ?? randomBytes(BYTES).toString('base64url');
    context.responseHeader.set('set-cookie', `${this.#name}=${value}; ${this.#attributes}`);
    return value;
  }
}
