import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Exchange, Reply } from './exchange.ts';

/**
 * Writes a reply to the client.
 *
 * @throws when a streamed body breaks off: the headers are gone, only the connection can tell.
 */
export async function sendReply(response: ServerResponse, exchange: Exchange, reply: Reply): Promise<void> {
  for (const [name, value] of reply.headers) response.setHeader(name, value);
  response.setHeader('x-kong-request-id', exchange.requestId);
  // The rest of a body that was refused is not worth reading on this connection.
  if (reply.status === 413) response.setHeader('connection', 'close');
  response.statusCode = reply.status;
  if (Buffer.isBuffer(reply.body)) sendBuffer(response, reply, reply.body);
  else await pipeline(reply.body, response);
}

/** Node keeps the body of an answer to HEAD to itself. */
function sendBuffer(response: ServerResponse, reply: Reply, body: Buffer): void {
  const trailers = reply.trailers?.() ?? new Map();
  if (trailers.size > 0 && response.req.httpVersion === '1.1') {
    response.setHeader('transfer-encoding', 'chunked');
    response.write(body);
    response.addTrailers(Object.fromEntries(trailers));
    response.end();
    return;
  }
  if (response.statusCode !== 204) response.setHeader('content-length', body.length);
  response.end(body);
}
