import { once } from 'node:events';
import {
  type ClientHttp2Session,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { Http2Pool } from './http2-pool.ts';

const PING_EVERY_MS = 15_000;
const PING_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;

let server: Server | Http2Server;
let pool: Http2Pool;
let sockets: Socket[];
let sessions: ServerHttp2Session[];

afterEach(async () => {
  jest.useRealTimers();
  for (const socket of sockets) socket.destroy();
  await pool.close();
  server.close();
});

/** Puts a server behind the pool. */
async function behind(created: Server | Http2Server): Promise<void> {
  server = created;
  const [own, peers]: [Socket[], ServerHttp2Session[]] = [[], []];
  server.on('connection', (socket: Socket) => own.push(socket));
  server.on('session', (session: ServerHttp2Session) => peers.push(session));
  [sockets, sessions] = [own, peers];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  pool = new Http2Pool({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    connectTimeoutMs: 5_000,
  });
}

/** Both sessions: a pool hands them out in turn. */
async function connected(): Promise<[ClientHttp2Session, ClientHttp2Session]> {
  const both: [ClientHttp2Session, ClientHttp2Session] = [pool.session(), pool.session()];
  await Promise.all(both.map((session) => once(session, 'connect')));
  return both;
}

describe('Http2Pool', () => {
  describe('before a peer that is well', () => {
    beforeEach(() => behind(createServer().on('stream', () => undefined)));

    it('shares two sessions among all calls', async () => {
      const [first, second] = await connected();
      expect(first).not.toBe(second);
      expect([pool.session(), pool.session()]).toEqual([first, second]);
    });

    it('lets a session go that is given up while it is still connecting', async () => {
      const session = pool.session();
      session.destroy();
      expect([pool.session(), pool.session()]).not.toContain(session);
      await once(session, 'connect');
    });

    it.each([
      ['was closed', (peer: ServerHttp2Session) => peer.close()],
      ['is being shut down', (peer: ServerHttp2Session) => peer.goaway()],
      ['was cut', (peer: ServerHttp2Session) => peer.socket.destroy()],
    ])('replaces a session that %s', async (_, end) => {
      const before = await connected();
      await eventually(() => expect(sessions).toHaveLength(2));
      for (const peer of sessions) end(peer);
      await eventually(() => {
        const after = [pool.session(), pool.session()];
        expect(after.filter((session) => before.includes(session))).toEqual([]);
      });
    });
  });

  describe('with a clock in hand', () => {
    const clock = () =>
      jest.useFakeTimers({
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance', 'hrtime'],
      });

    it('gives a peer up that leaves a ping unanswered, and not before', async () => {
      await behind(createTcpServer());
      clock();
      const [session] = await connected();
      session.on('error', () => undefined);
      await jest.advanceTimersByTimeAsync(PING_EVERY_MS + PING_TIMEOUT_MS - 1);
      expect(session.destroyed).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(session.destroyed).toBe(true);
    });

    it('keeps a peer that answers', async () => {
      await behind(createServer().on('stream', () => undefined));
      clock();
      const [session] = await connected();
      await jest.advanceTimersByTimeAsync(PING_EVERY_MS);
      // Answers come in order: after this one the other has come, too.
      await new Promise((resolve) => session.ping(resolve));
      await jest.advanceTimersByTimeAsync(PING_TIMEOUT_MS);
      expect(session.destroyed).toBe(false);
    });

    it('ends when it is closed, also with a call that does not', async () => {
      const answers = (stream: ServerHttp2Stream) =>
        stream.on('error', () => undefined).respond({ ':status': 200 });
      await behind(createServer().on('stream', answers));
      clock();
      const [session] = await connected();
      const call = session.request({ ':path': '/' }).on('error', () => undefined);
      await once(call, 'response');
      const ended = new Promise((resolve) => call.once('close', resolve));
      const closed = pool.close();
      await jest.advanceTimersByTimeAsync(CLOSE_TIMEOUT_MS - 1);
      expect(call.destroyed).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await Promise.all([closed, ended]);
      // What has come of its answer is not the whole of it.
      expect(call.rstCode).not.toBe(0);
    });
  });
});
