import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ClientRequest } from './client-request.ts';
import type { Exchange, Reply } from './exchange.ts';

/** What stands for a request that Node's parser has given up, so that it is answered as any other one. */
export function unreadableRequest(socket: Socket, error: NodeJS.ErrnoException): ClientRequest {
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  return {
    httpVersion: 1,
    method: 'GET',
    url: '/',
    headers: {},
    headersDistinct: {},
    rawHeaders: [],
    remoteAddress: socket.remoteAddress,
    localPort: socket.localPort,
    hasBody: false,
    body: Readable.from([]),
    isComplete: () => true,
    unreadable: tooLarge ? 'Request header or cookie too large' : 'Bad request',
  };
}

/** Writes an answer where there is no response of Node's to write it, and ends the connection. */
export function endWithReply(
  socket: Socket,
  { requestId }: Exchange,
  { status, headers, body }: Reply,
): void {
  const content = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...[...headers]
      .filter(([name]) => name !== 'content-length')
      .map(([name, value]) => `${name}: ${String(value)}`),
    `x-kong-request-id: ${requestId}`,
    `content-length: ${content.length}`,
    'connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]));
}
