import { get, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type Listeners, startListeners } from '../../test/listeners.ts';

const PART = 'x'.repeat(64 * 1024);
/** More than sockets and streams may hold between them; the whole answer is thousands of times as much. */
const BUFFERED_PARTS = 200;

describe('an answer that is streamed', () => {
  let listeners: Listeners;
  let made = 0;
  let finished = false;

  async function* endless(): AsyncIterable<string> {
    try {
      for (;;) {
        await turn();
        made += 1;
        yield PART;
      }
    } finally {
      finished = true;
    }
  }

  async function* breaking(): AsyncIterable<string> {
    yield 'one line\r\n';
    throw new Error('the database is away');
  }

  async function* lines(from: string): AsyncIterable<string> {
    for (let n = Number(from); n < Number(from) + 3; n += 1) yield `${n}\r\n`;
  }

  beforeAll(async () => {
    const headers = { 'content-type': 'text/csv; charset=utf-8' };
    const route = (path: string, body: () => AsyncIterable<string>) => ({
      method: 'GET' as const,
      acesso: 'PUBLICO' as const,
      path,
      handle: async () => ({ status: 200, headers, body: body() }),
    });
    listeners = await startListeners({
      routes: [
        route('/sem-fim', endless),
        route('/quebra', breaking),
        {
          method: 'GET',
          acesso: 'PUBLICO',
          path: '/linhas',
          handle: async ({ query }) => ({ status: 200, headers, body: lines(query.get('de') ?? '0') }),
        },
      ],
    });
  });

  afterAll(() => listeners.close());

  const url = (path: string) => `http://127.0.0.1:${listeners.httpPort}${path}`;

  it('arrives whole, and knows the query', async () => {
    const response = await fetch(url('/linhas?de=7'));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(await response.text()).toBe('7\r\n8\r\n9\r\n');
  });

  it('is made no faster than it is read, and no longer than anybody reads it', async () => {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url('/sem-fim'), resolve).once('error', reject);
    });
    incoming.pause();
    let before = -1;
    // Once the buffers are full, not one part more is made.
    await eventually(async () => {
      const now = made;
      const still = now === before && now > 0;
      before = now;
      expect(still).toBe(true);
    });
    expect(made).toBeLessThan(BUFFERED_PARTS);
    incoming.destroy();
    await eventually(() => expect(finished).toBe(true));
    expect(listeners.logs.filter(({ msg }) => msg === 'http answer broke off')).toEqual([]);
  });

  it('is cut off, never ended as if it were whole, when its source fails', async () => {
    const response = await fetch(url('/quebra'));
    await expect(response.text()).rejects.toThrow();
    await eventually(() =>
      expect(listeners.logs.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['http answer broke off'])),
    );
  });
});
