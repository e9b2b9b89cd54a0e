import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requestOfHttp1 } from './client-request.ts';
import { bodyReader, ClientGoneError } from './request-body.ts';

let server: Server;
let socket: Socket;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
});
afterEach(() => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** The request as it comes, with half of its body still on its way. */
async function half(headers: string): Promise<IncomingMessage> {
  const coming = once(server, 'request') as Promise<[IncomingMessage]>;
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`);
  return (await coming)[0];
}

describe('bodyReader', () => {
  it('gives the same bytes as often as it is asked', async () => {
    const read = bodyReader(requestOfHttp1(await half('content-length: 4')), 10);
    const first = read();
    socket.write('meio');
    expect(String(await first)).toBe('meio');
    expect(await read()).toBe(await first);
  });

  it('waits for nothing where nothing is announced', async () => {
    expect((await bodyReader(requestOfHttp1(await half('content-length: 0')), 10)()).length).toBe(0);
    expect((await bodyReader(requestOfHttp1(await half('x: y')), 10)()).length).toBe(0);
  });

  it.each([
    ['the client leaves', () => socket.destroy()],
    ['the client resets the connection', () => socket.resetAndDestroy()],
    ['the edge has closed the connection', (request: IncomingMessage) => request.socket.destroy()],
    ['the edge has given the request up', (request: IncomingMessage) => request.destroy()],
  ])('ends when %s before the body is whole', async (_, leave) => {
    const request = await half('content-length: 10');
    const body = bodyReader(requestOfHttp1(request), 10)();
    leave(request);
    await expect(body).rejects.toThrow(ClientGoneError);
  });
});
