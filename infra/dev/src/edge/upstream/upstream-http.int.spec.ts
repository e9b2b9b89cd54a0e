import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { KongService } from '../config/kong-config.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { openBlackHole } from './black-hole.ts';
import { connectionsDuring } from './connections-during.ts';
import { HttpUpstream } from './upstream-http.ts';

/** Methods that nginx sends once when something of them may have arrived, and those that it sends again. */
const ONCE = ['POST', 'LOCK', 'PATCH'];
const AGAIN = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that does this with every request, and how often it was asked. */
async function serverThat(does: Handler): Promise<{ port: number; times: number }> {
  const state = { port: 0, times: 0 };
  // No connection is closed before somebody closes it.
  const server: Server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    state.times += 1;
    does(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.closeAllConnections());
  cleanups.push(() => void server.close());
  state.port = (server.address() as AddressInfo).port;
  return state;
}

function upstreamAt(port: number, changes: Partial<KongService> = {}): HttpUpstream {
  const upstream = new HttpUpstream({
    ...{ id: 'eco', name: 'eco', protocol: 'http', host: '127.0.0.1', port, retries: 2 },
    ...{ connectTimeoutMs: 5_000, readTimeoutMs: 5_000 },
    ...changes,
  });
  cleanups.push(() => upstream.close());
  return upstream;
}

/** The status, or what went wrong. */
async function send(upstream: HttpUpstream, method: string): Promise<unknown> {
  try {
    const { status, body } = await upstream.forward(exchangeOf({ method, path: '/x' }));
    if (!Buffer.isBuffer(body)) for await (const _ of body);
    return status;
  } catch (error) {
    return String(error);
  }
}

const BROKE_OFF = 'Error: the upstream broke off';

describe('an HTTP upstream that breaks off', () => {
  const cut: Handler = (request) => request.socket.destroy();

  it.each(ONCE)('gets a %s once: it may have had its effect', async (method) => {
    const server = await serverThat(cut);
    expect([await send(upstreamAt(server.port), method), server.times]).toEqual([BROKE_OFF, 1]);
  });

  it.each(AGAIN)('gets a %s again, as often as it is told', async (method) => {
    const server = await serverThat(cut);
    expect([await send(upstreamAt(server.port), method), server.times]).toEqual([BROKE_OFF, 3]);
  });

  it.each([
    ['POST', BROKE_OFF, 2],
    ['GET', 200, 3],
  ])('gets a %s on a connection that was kept no differently', async (method, outcome, times) => {
    const server = await serverThat((request, response) =>
      server.times === 2 ? cut(request, response) : response.end(),
    );
    const upstream = upstreamAt(server.port);
    expect(await send(upstream, 'GET')).toBe(200);
    const opened = await connectionsDuring(server.port, async () =>
      expect(await send(upstream, method)).toBe(outcome),
    );
    expect([server.times, opened]).toEqual([times, times - 2]);
  });

  it('in the middle of its answer gets nothing again', async () => {
    const server = await serverThat((request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => request.socket.destroy());
    });
    expect([await send(upstreamAt(server.port), 'GET'), server.times]).toEqual(['Error: aborted', 1]);
  });
});

describe('an HTTP upstream that is silent', () => {
  it.each([
    ['POST', 1],
    ['GET', 3],
  ])('for longer than read_timeout gets a %s %i times', async (method, times) => {
    const server = await serverThat(() => undefined);
    const upstream = upstreamAt(server.port, { readTimeoutMs: 50 });
    expect(await send(upstream, method)).toBe('Error: read timeout');
    // The last of them may still be on its way.
    await eventually(() => expect(server.times).toBe(times));
  });
});

describe('an HTTP upstream that cannot be reached', () => {
  it.each(['POST', 'GET'])('is tried again with a %s: nothing of it has arrived', async (method) => {
    const upstream = upstreamAt(1);
    const work = async () => expect(await send(upstream, method)).toBe(BROKE_OFF);
    expect(await connectionsDuring(1, work)).toBe(3);
  });

  it('is given up after connect_timeout, each time', async () => {
    const hole = await openBlackHole();
    cleanups.push(() => hole.close());
    const upstream = upstreamAt(hole.port, { connectTimeoutMs: 50 });
    const work = async () => expect(await send(upstream, 'POST')).toBe('Error: connect timeout');
    expect(await connectionsDuring(hole.port, work)).toBe(3);
  });
});

describe('connections to an HTTP upstream', () => {
  it('are kept for the next request, and closed with it', async () => {
    const sockets = new Set<Socket>();
    const server = await serverThat((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    const upstream = upstreamAt(server.port);
    expect([await send(upstream, 'GET'), await send(upstream, 'POST')]).toEqual([200, 200]);
    expect(sockets.size).toBe(1);
    upstream.close();
    await eventually(() => expect([...sockets].map((socket) => socket.closed)).toEqual([true]));
  });
});
