import { once } from 'node:events';
import { request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendHttp2 } from '../conformance/http2-client.ts';
import { createExchange } from './create-exchange.ts';
import { Door } from './door.ts';
import type { Reply } from './exchange.ts';

const MAX_BODY = 1024 * 1024;

let door: Door;
let reply: Partial<Reply>;
/** Resolves when a request has come to be answered. */
let asked: PromiseWithResolvers<void>;

beforeEach(async () => {
  reply = {};
  asked = Promise.withResolvers();
  door = new Door({
    serve: async (incoming) => {
      asked.resolve();
      const exchange = createExchange(incoming, MAX_BODY);
      const body = await exchange.readBody().catch(() => Buffer.from('too much'));
      const headers = new Map([['x-version', String(incoming.httpVersion)]]);
      return { exchange, reply: { status: 200, headers, body, ...reply } };
    },
    broke: () => undefined,
  });
  await door.listen('127.0.0.1', 0);
});
afterEach(() => door.close());

/** What comes back for bytes that are written one part after the other, so far apart that they come apart. */
async function raw(...parts: readonly string[]): Promise<string> {
  const socket: Socket = connect(door.port, '127.0.0.1');
  socket.setNoDelay(true);
  const closed = once(socket, 'close');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

async function http2<T>(work: (session: ClientHttp2Session) => Promise<T>): Promise<T> {
  const session = connectHttp2(`http://127.0.0.1:${door.port}`);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

const ask = (session: ClientHttp2Session, body: Buffer) =>
  sendHttp2(session, { ':method': 'POST', ':path': '/x' }, body);

describe('one port', () => {
  it('speaks HTTP/1.1 to who does', async () => {
    const answer = await raw(
      'POST /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\noi',
    );
    expect(answer).toContain('x-version: 1');
    expect(answer.endsWith('oi')).toBe(true);
  });

  it.each([
    [
      'in the middle of a method that begins as the preface',
      ['P', 'R', 'OPFIND /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ],
    ['byte by byte', [...'GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n']],
    [
      'in two requests at once',
      ['GET /a HTTP/1.1\r\nhost: x\r\n\r\nGET /b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ],
  ])('speaks HTTP/1.1 to who begins %s', async (_how, parts) => {
    expect(await raw(...parts)).toContain('x-version: 1');
  });

  it('takes a large body over HTTP/1.1 as it comes', async () => {
    const outgoing = request({ port: door.port, host: '127.0.0.1', path: '/x', method: 'POST' });
    outgoing.end(Buffer.alloc(900_000, 'a'));
    const [incoming] = await once(outgoing, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    expect(Buffer.concat(chunks).length).toBe(900_000);
  });

  it('speaks HTTP/2 to who begins with its preface, many calls at once', async () => {
    const answers = await http2((session) =>
      Promise.all([1, 2, 3].map((n) => ask(session, Buffer.alloc(n * 100_000, 'a')))),
    );
    expect(answers.map(({ headers, text }) => [headers['x-version'], text.length])).toEqual([
      ['2', 100_000],
      ['2', 200_000],
      ['2', 300_000],
    ]);
  });

  it('ends an answer without body and trailers with its headers', async () => {
    reply = { body: Buffer.alloc(0), headers: new Map([['grpc-status', '5']]) };
    await http2(async (session) => {
      const stream = session.request({ ':method': 'POST', ':path': '/x' }).end();
      const [headers, flags] = await once(stream, 'response');
      expect([headers['grpc-status'], flags & 1]).toEqual(['5', 1]);
      stream.resume();
    });
  });

  it('sends trailers after the body, by both versions', async () => {
    reply = { trailers: () => new Map([['grpc-status', '0']]) };
    const { text, trailers } = await http2((session) => ask(session, Buffer.from('oi')));
    expect([text, trailers['grpc-status']]).toEqual(['oi', '0']);
    const chunked = await raw(
      'POST /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\noi',
    );
    expect(chunked).toMatch(/2\r\noi\r\n0\r\ngrpc-status: 0\r\n\r\n$/i);
    const old = await raw('POST /x HTTP/1.0\r\nhost: x\r\ncontent-length: 2\r\n\r\noi');
    expect(old).toMatch(/\r\n\r\noi$/);
  });

  it('does not wait for the rest of a body that is too large', async () => {
    await http2(async (session) => {
      const stream = session.request({ ':method': 'POST', ':path': '/x' });
      stream.on('error', () => undefined);
      stream.write(Buffer.alloc(MAX_BODY + 1));
      const [headers] = await once(stream, 'response');
      expect(headers['x-version']).toBe('2');
      stream.resume();
      await once(stream, 'close');
    });
  });
});

describe('closing', () => {
  it('waits for calls in progress, and for nobody who is idle', async () => {
    const silent = connect(door.port, '127.0.0.1');
    await once(silent, 'connect');
    const silentClosed = once(silent, 'close');
    const session = connectHttp2(`http://127.0.0.1:${door.port}`);
    await once(session, 'connect');
    const stream = session.request({ ':method': 'POST', ':path': '/x' });
    stream.write('o');
    await asked.promise;
    const closing = door.close();
    const answered = once(stream, 'response');
    stream.end('i');
    expect((await answered)[0][':status']).toBe(200);
    stream.resume();
    await Promise.all([closing, silentClosed]);
    session.destroy();
  });
});
