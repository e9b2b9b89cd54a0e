import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { KongService } from '../config/kong-config.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { Upstreams } from './upstreams.ts';

let server: Server;
let sockets: Socket[];
let upstreams: Upstreams;

beforeEach(async () => {
  sockets = [];
  upstreams = new Upstreams();
  server = createServer({ keepAliveTimeout: 0 }, (_request, response) => response.end());
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await upstreams.close();
  server.closeAllConnections();
  server.close();
});

function service(id: string): KongService {
  const { port } = server.address() as AddressInfo;
  const times = { retries: 0, connectTimeoutMs: 5_000, readTimeoutMs: 5_000 };
  return { id, name: id, protocol: 'http', host: '127.0.0.1', port, ...times };
}

async function send(to: KongService): Promise<number> {
  const { status, body } = await upstreams.send(exchangeOf({ path: '/x' }), to);
  if (!Buffer.isBuffer(body)) for await (const _ of body);
  return status;
}

const closed = () => sockets.map((socket) => socket.destroyed);

describe('Upstreams', () => {
  it('keep the connections of services that stay, and close those of services that go', async () => {
    const [stays, goes] = [service('fica'), service('vai')];
    expect([await send(stays), await send(goes), await send(stays)]).toEqual([200, 200, 200]);
    expect(closed()).toEqual([false, false]);
    await upstreams.retain([stays]);
    await eventually(() => expect(closed()).toEqual([false, true]));
    expect(await send(stays)).toBe(200);
    expect(sockets).toHaveLength(2);
    await upstreams.close();
    await eventually(() => expect(closed()).toEqual([true, true]));
  });
});
