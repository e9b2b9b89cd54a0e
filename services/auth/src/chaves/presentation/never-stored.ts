import type { HandlerContext } from '@connectrpc/connect';

/** Tokens are for the caller alone: no proxy or browser on the way may keep them (RFC 6749, 5.1). */
export function neverStored({ responseHeader }: Pick<HandlerContext, 'responseHeader'>): void {
  responseHeader.set('cache-control', 'no-store');
}
