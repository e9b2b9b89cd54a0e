import type { IncomingHttpHeaders } from 'node:http';

/** What a refusal is decided by. */
export interface Caller {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

const LOOPBACK = /^(localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Whether a request names this machine, and not a name of somebody's that was made to lead here (DNS rebinding).
 * Programs that send no name are none that a web page could use.
 *
 * @param others further names under which this machine is known to its user
 */
export function namesThisMachine(
  { headers }: Pick<Caller, 'headers'>,
  others: readonly string[] = [],
): boolean {
  const host = headers.host?.replace(/:\d+$/, '').toLowerCase();
  return host === undefined || LOOPBACK.test(host) || others.includes(host);
}

/**
 * Whether a page of another origin is behind a request. A browser tells it by `Sec-Fetch-Site`, or else by `Origin`;
 * following a link here is nothing that a page does.
 */
export function comesFromAnotherPage({ method, headers }: Caller): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return false;
  const isRead = method === 'GET' || method === 'HEAD';
  if (site !== undefined && !isRead) return true;
  const { origin, host } = headers;
  return origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`;
}
