import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../http/exchange.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { postFunctionPlugin } from './post-function-plugin.ts';

const LUA = join(import.meta.dirname, '../../../../kong/post-function');
const read = (phase: string) => readFileSync(join(LUA, `${phase}.lua`), 'utf8');
const CONFIG = { header_filter: [read('header_filter')], body_filter: [read('body_filter')] };

const CALL = { path: '/p.S/M', message: Buffer.alloc(0), toJson: (frames: Buffer) => frames };

/** What becomes of a reply with these headers. */
function filtered(headers: Record<string, string>, body = '{}', status = 200): Reply {
  const plugin = postFunctionPlugin(CONFIG);
  const exchange = { ...exchangeOf(), grpcCall: CALL };
  const reply: Reply = { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
  plugin.headerFilter?.(exchange, reply);
  plugin.bodyFilter?.(exchange, reply);
  return reply;
}

describe('post-function', () => {
  it.each([
    ['201', 200, 201],
    ['204', 200, 204],
    ['299', 200, 299],
    ['199', 200, 200],
    ['300', 200, 200],
    ['404', 200, 200],
    ['x', 200, 200],
    ['201', 404, 404],
  ])('takes x-http-code %s for the status of a reply with %i: %i', (code, before, after) => {
    const reply = filtered({ 'x-http-code': code }, '{}', before);
    expect(reply.status).toBe(after);
    expect([...reply.headers.keys()]).toEqual(['x-content-type-options']);
  });

  it('lets no browser guess what an answer is', () => {
    expect(filtered({}).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('describes an error, and passes on no details that only gRPC can read', () => {
    const error = {
      'grpc-status': '6',
      'grpc-message': 'j%C3%A1 existe: 1+1',
      'grpc-status-details-bin': 'CAY=',
      'x-erro-codigo': 'ESPACO_INDISPONIVEL',
      'x-erro-detalhes': '{"alternativas":[]}',
      'x-request-id': 'pedido-1',
      'x-http-code': '201',
      'content-length': '2',
    };
    const { headers, body, status } = filtered(error, '{}', 409);
    expect(status).toBe(409);
    expect(JSON.parse(String(body))).toEqual({
      code: 'already_exists',
      message: 'já existe: 1+1',
      reason: 'ESPACO_INDISPONIVEL',
      requestId: 'pedido-1',
      details: { alternativas: [] },
    });
    const hidden = ['grpc-status-details-bin', 'x-erro-detalhes', 'x-http-code', 'content-length'];
    expect(hidden.filter((name) => headers.has(name))).toEqual([]);
  });

  it.each([
    ['other Lua', { ...CONFIG, body_filter: ['x'] }],
    ['more Lua beside it', { ...CONFIG, header_filter: [...CONFIG.header_filter, 'x'] }],
    ['no Lua in a phase', { header_filter: CONFIG.header_filter }],
    ['Lua in another phase', { ...CONFIG, access: ['x'] }],
  ])('is refused with %s', (_, config) => {
    expect(() => postFunctionPlugin(config)).toThrow('plugin post-function: the edge does not');
  });
});
