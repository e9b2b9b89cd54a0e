import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fcm, type ProviderApi, type ProviderKeys, twilio } from './apis.ts';
import { KeptMessages } from './kept-messages.ts';
import { inboxPage } from './page.ts';

const MOST_BYTES = 64 * 1024;

/** Stands in for providers of SMS and push messages, and shows what it was given: `/` for people, `/messages` as JSON. */
export async function startProviders(port: number, keys: ProviderKeys): Promise<Server> {
  const kept = new KeptMessages();
  const apis = [twilio(keys, kept), fcm(keys, kept)];
  const server = createServer((request, response) => {
    answer(request, response, apis, kept).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  apis: readonly ProviderApi[],
  kept: KeptMessages,
): Promise<void> {
  const { method, headers } = request;
  const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
  if (method === 'GET' && path === '/') return html(response, inboxPage(kept.all));
  if (method === 'GET' && path === '/messages') return json(response, 200, kept.all);
  if (method === 'DELETE' && path === '/messages') {
    kept.clear();
    return json(response, 200, []);
  }
  const body = method === 'POST' ? await bodyOf(request) : undefined;
  if (body === undefined) return json(response, method === 'POST' ? 413 : 404, {});
  for (const api of apis) {
    const answered = await api({ path, headers, body });
    if (answered) return json(response, answered.status, answered.body);
  }
  json(response, 404, { message: 'not found' });
}

/** Undefined when it is longer than any message. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  response.end(JSON.stringify(value));
}

function html(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(page);
}
