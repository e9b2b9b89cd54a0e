import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import type { KongService } from './config/kong-config.ts';
import { Router } from './config/router.ts';
import { exchangeOf } from './http/exchange-stand-in.ts';
import { ClientGoneError, PayloadTooLargeError } from './http/request-body.ts';
import { answer } from './pipeline.ts';
import { UpstreamError } from './upstream/upstream-error.ts';
import type { Upstreams } from './upstream/upstreams.ts';

/** The status of a request that fails like this, and what is written down of it. */
async function failing(error: Error): Promise<[number, unknown[]]> {
  const lines: unknown[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const route = { name: 'r', paths: ['/'], methods: [], headers: new Map(), regexPriority: 0, isGrpc: false };
  const routes = [{ ...route, service: {} as KongService, plugins: [] }];
  const upstreams = { send: () => Promise.reject(error) } as unknown as Upstreams;
  const reply = await answer(
    exchangeOf(),
    { routes, router: new Router(routes), globalPlugins: [] },
    upstreams,
    createLogger({ service: 'edge', destination }),
  );
  return [reply.status, lines];
}

describe('a request that fails', () => {
  it.each([
    ['because the client sends too much', new PayloadTooLargeError('x'), 413],
    ['because the client went away', new ClientGoneError('x'), 500],
  ])('%s is nothing to write down', async (_, error, status) => {
    expect(await failing(error)).toEqual([status, []]);
  });

  it('because the upstream is down is a warning, without a stack', async () => {
    const [status, lines] = await failing(new UpstreamError('broke off'));
    expect([status, lines]).toMatchObject([502, [{ level: 'warn', reason: 'broke off' }]]);
    expect(JSON.stringify(lines)).not.toContain('stack');
  });

  it('because of a fault of the edge is an error, with its stack', async () => {
    const [status, lines] = await failing(new TypeError('not a function'));
    expect([status, lines]).toMatchObject([
      500,
      [{ level: 'error', err: { stack: expect.stringContaining('pipeline') } }],
    ]);
  });
});
