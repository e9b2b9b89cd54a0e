import type { IncomingHttpHeaders } from 'node:http';
import type { ClientRequest } from './client-request.ts';

/** They belong to one connection, never to the next one. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Whether a header travels beyond this connection. */
export function isEndToEnd(name: string): boolean {
  return !HOP_BY_HOP.has(name);
}

/** Headers for the upstream: the client's, without those of its connection, plus where it came from. */
export function forwardedHeaders(
  request: Pick<ClientRequest, 'headers' | 'localPort'>,
  clientIp: string,
  path: string,
): IncomingHttpHeaders {
  const named = new Set(listOf(request.headers.connection));
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (isEndToEnd(name) && !named.has(name) && name !== 'host') headers[name] = value;
  }
  const host = request.headers.host ?? '';
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  const previous = request.headers['x-forwarded-for'];
  headers['x-forwarded-for'] = previous === undefined ? clientIp : `${String(previous)}, ${clientIp}`;
  headers['x-real-ip'] = clientIp;
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-host'] = host.replace(/:\d+$/, '');
  headers['x-forwarded-port'] = port ?? String(request.localPort ?? 80);
  headers['x-forwarded-path'] = path;
  return headers;
}

function listOf(value: string | undefined): string[] {
  return (value ?? '').toLowerCase().split(/\s*,\s*/);
}
