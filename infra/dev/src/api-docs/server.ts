import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiDocsPages, type Page } from './pages.ts';

/** Where it listens. */
interface ApiDocsOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** The page about the API, being served. */
export interface ApiDocsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The page runs what came with it and nothing else, asks nobody but the gateway that it came from, and shows itself in no
 * other page. `data:` are the icons in the style sheet.
 */
const SAFETY = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
} as const;

const NOTHING = { 'content-length': 0 } as const;

/** Serves `/docs` and `/openapi.json` out of memory. A gateway stands in front of it: what is tried out goes there. */
export async function startApiDocs({ host, port }: ApiDocsOptions): Promise<ApiDocsServer> {
  const pages = apiDocsPages();
  const server = createServer((request, response) => answer(pages, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(pages: ReadonlyMap<string, Page>, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.setHeader('x-content-type-options', 'nosniff');
  const page = pages.get(request.url?.split('?', 1)[0] ?? '');
  if (page === undefined) response.writeHead(404, NOTHING).end();
  else if (request.method === 'GET' || request.method === 'HEAD') send(page, request, response);
  else response.writeHead(405, { ...NOTHING, allow: 'GET, HEAD' }).end();
}

/** Asked for again every time, and sent again only after a change: page, script and document belong together. */
function send({ type, body, gzip, etag }: Page, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(SAFETY)) response.setHeader(name, value);
  response
    .setHeader('cache-control', 'no-cache')
    .setHeader('vary', 'accept-encoding')
    .setHeader('etag', etag);
  if (request.headers['if-none-match']?.includes(etag)) {
    response.writeHead(304).end();
    return;
  }
  const compressed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const sent = compressed ? gzip : body;
  if (compressed) response.setHeader('content-encoding', 'gzip');
  response.writeHead(200, { 'content-type': type, 'content-length': sent.length });
  response.end(request.method === 'HEAD' ? undefined : sent);
}
