import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { listenerLimits, listenerLoad } from '../rpc/listener-limits.ts';
import { limitRequests } from './http-limits.ts';

class Request {
  readonly url: string | undefined;
  readonly socket: { readonly remoteAddress: string | undefined; cut: number; destroy(): void };
  readonly headers = {};
  readonly pushed: unknown[] = [];

  constructor(url?: string, remoteAddress?: string) {
    this.url = url;
    const socket = {
      remoteAddress,
      cut: 0,
      destroy() {
        socket.cut += 1;
      },
    };
    this.socket = socket;
  }

  push(part: unknown): boolean {
    this.pushed.push(part);
    return true;
  }
}

class Response extends EventEmitter {
  head: unknown[] = [];
  body = '';

  writeHead(...head: unknown[]): void {
    this.head = head;
  }

  end(body: string): void {
    this.body = body;
  }
}

describe('limitRequests', () => {
  let passed: Request[];
  let refused: unknown[];
  let load: ReturnType<typeof listenerLoad>;

  beforeEach(() => {
    passed = [];
    refused = [];
    load = {
      ...listenerLoad('http', listenerLimits({ maxRequests: 4, addressSharePercent: 50 })),
      refused: (...what) => void refused.push(what),
    };
  });

  function ask(url?: string, address?: string) {
    const request = new Request(url, address);
    const response = Object.assign(new Response(), { req: request });
    const listener = limitRequests((req) => void passed.push(req as unknown as Request), load);
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    return { request, response };
  }

  it('passes on what there is room for, and gives the room back', () => {
    const { request, response } = ask('/a', '10.0.0.1');
    expect([passed, load.requests.total, load.checks.total]).toEqual([[request], 1, 0]);
    response.emit('close');
    expect(load.requests.total).toBe(0);
  });

  it('turns away what is over a limit, and says when to come back', () => {
    for (let times = 0; times < 2; times += 1) ask('/a', '10.0.0.1');
    const { response } = ask('/a', '10.0.0.1');
    expect([passed.length, refused]).toEqual([2, [['requests', 'address']]]);
    const [status, headers] = response.head;
    expect([status, headers]).toEqual([
      429,
      expect.objectContaining({
        'retry-after': '1',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(response.body),
        connection: 'close',
      }),
    ]);
    expect(JSON.parse(response.body)).toEqual({
      code: 'resource_exhausted',
      message: expect.any(String),
      reason: 'LIMITE_DE_REQUISICOES',
      requestId: expect.any(String),
      details: {},
    });
    ask('/a', '10.0.0.2');
    expect(passed).toHaveLength(3);
  });

  it.each(['/healthz', '/readyz', '/metrics'])('answers %s also when it is full', (path) => {
    for (const address of ['a', 'a', 'b', 'b']) ask('/a', address);
    ask(path, 'a');
    expect([passed.length, load.checks.total, refused]).toEqual([5, 1, []]);
  });

  it('counts what tells neither its path nor its address', () => {
    ask();
    expect([passed.length, load.requests.total]).toEqual([1, 1]);
  });

  it('cuts a connection whose body comes in more than two thousand parts, once', () => {
    const { request } = ask('/a', 'a');
    for (let part = 0; part < 2_000; part += 1) expect(request.push(part)).toBe(true);
    expect([request.pushed.length, request.socket.cut]).toEqual([2_000, 0]);
    for (let times = 0; times < 3; times += 1) expect(request.push('more')).toBe(false);
    expect([request.pushed.length, request.socket.cut]).toEqual([2_000, 1]);
    expect(refused).toEqual([['requests', 'connection']]);
  });
});
