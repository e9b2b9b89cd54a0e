import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type Listeners, startListeners } from '../../test/listeners.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

let listeners: Listeners;
const sockets: Socket[] = [];

beforeAll(async () => {
  const echo = async ({ body }: { body: Buffer }) => ({ status: 200, body: String(body.length) });
  listeners = await startListeners({
    routes: [
      { method: 'POST', path: '/webhook', acesso: 'PUBLICO', maxBytes: 512 * 1024, handle: echo },
      { method: 'GET', path: '/leve', acesso: 'PUBLICO', handle: echo },
    ],
  });
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(() => listeners.close());

const heapMiB = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 ** 2;
};

async function open(method: string, path: string): Promise<Socket> {
  const socket = connect(listeners.httpPort, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  return socket;
}

/** Bodies that come byte by byte and do not end: what they hold once all of it is there. */
async function heapHeldBy(count: number, method: string, path: string, bytes: number): Promise<number> {
  const before = heapMiB();
  const body = Buffer.from('1\r\na\r\n'.repeat(bytes));
  const held = await Promise.all(Array.from({ length: count }, () => open(method, path)));
  await Promise.all(held.map((socket) => new Promise<void>((sent) => socket.write(body, () => sent()))));
  await eventually(() => expect(held.every(({ writableLength }) => writableLength === 0)).toBe(true));
  // The server takes what the system holds for it, a part of each connection by turns.
  for (let turn = 0; turn < 50; turn += 1) await fetch(`http://127.0.0.1:${listeners.httpPort}/healthz`);
  return heapMiB() - before;
}

describe('a body that comes byte by byte', () => {
  it.each([
    ['an RPC', 200, 'POST', '/teste.v1.EcoService/Cotar', 1_900],
    ['a plain route', 200, 'POST', '/webhook', 1_900],
  ])('costs %s no more memory than its length', async (_, count, method, path, bytes) => {
    expect(await heapHeldBy(count, method, path, bytes)).toBeLessThan(15);
  });

  it.each([
    ['an RPC', 'POST', '/teste.v1.EcoService/Cotar'],
    ['a plain route', 'POST', '/webhook'],
    ['nobody', 'PUT', '/nada'],
  ])('ends with its connection when it is a long one, for %s', async (_, method, path) => {
    const socket = await open(method, path);
    socket.resume();
    socket.write('1\r\na\r\n'.repeat(60_000));
    await eventually(() => expect(socket.destroyed).toBe(true));
    expect(listeners.logs.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('is put together', async () => {
    const socket = await open('POST', '/webhook');
    socket.write(`${'1\r\na\r\n'.repeat(1_500)}0\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/\r\n1500$/);
  });
});

it('a plain route that says nothing about bodies takes short ones only', async () => {
  const socket = await open('GET', '/leve');
  socket.write(`2000\r\n${'a'.repeat(0x2000)}\r\n0\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 .*MENSAGEM_GRANDE_DEMAIS/s);
});
