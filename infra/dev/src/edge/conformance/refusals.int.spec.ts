import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { sendPlain } from './plain-client.ts';
import { sendRaw } from './raw-client.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const PLAIN_TYPE = 'text/plain; charset=utf-8';
const UUID = /^[0-9a-f-]{36}$/;

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
  target.grpc.calls.length = 0;
});

describe('requests that nginx refuses', () => {
  it.each([
    ['a broken percent-escape', { path: '/k/%zz' }, 400, 'Bad request'],
    ['a way above the root', { path: '/k/../../k/1' }, 400, 'Bad request'],
    ['a NUL in the path', { path: '/k/%00' }, 400, 'Bad request'],
    [
      'two Authorization headers',
      { path: '/k/1', headers: { authorization: ['a', 'b'] } },
      400,
      'Bad request',
    ],
    ['TRACE', { path: '/k/1', method: 'TRACE' }, 405, 'Method not allowed'],
    ['a target above 8 KB', { path: `/k/${'x'.repeat(8200)}` }, 414, 'URI too long'],
    [
      'a header above 8 KB',
      { path: '/k/1', headers: { 'x-longo': 'x'.repeat(8200) } },
      400,
      'Request header or cookie too large',
    ],
    [
      'headers of more than 32 KB together',
      {
        path: '/k/1',
        headers: Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`x-${n}`, 'x'.repeat(7000)])),
      },
      400,
      'Request header or cookie too large',
    ],
  ])('%s: told in JSON, under an id', async (_what, sent, status, message) => {
    const answer = await sendPlain(target.baseUrl, sent);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe(JSON_TYPE);
    expect(JSON.parse(answer.text)).toEqual({ message, request_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(answer.headers['x-request-id']).toMatch(UUID);
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('pass below these bounds', async () => {
    const path = `/k/${'x'.repeat(8000)}`;
    const headers = { 'x-longo': 'x'.repeat(8000), 'x-longo-tambem': 'x'.repeat(8000) };
    expect(await sendPlain(target.baseUrl, { path, headers })).toMatchObject({ status: 200 });
  });
});

describe('what is no request', () => {
  const close = 'host: x\r\nconnection: close\r\n';
  it.each([
    ['a line of something else', 'isto nao e HTTP\r\n\r\n'],
    ['a method in lower case', `get /k/1 HTTP/1.1\r\n${close}\r\n`],
    ['CONNECT', `CONNECT x:1 HTTP/1.1\r\n${close}\r\n`],
    ['no host', 'GET /k/1 HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['two hosts', `GET /k/1 HTTP/1.1\r\nhost: y\r\n${close}\r\n`],
    ['a name of a header with a space', `GET /k/1 HTTP/1.1\r\nx y: z\r\n${close}\r\n`],
    ['a length that is none', `POST /k HTTP/1.1\r\ncontent-length: dois\r\n${close}\r\n{}`],
    ['two lengths', `POST /k HTTP/1.1\r\ncontent-length: 2\r\ncontent-length: 3\r\n${close}\r\n{} `],
    [
      'a length and pieces',
      `POST /k HTTP/1.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n${close}\r\n0\r\n\r\n`,
    ],
    ['pieces that are none', `POST /k HTTP/1.1\r\ntransfer-encoding: chunked\r\n${close}\r\nzz\r\n{}`],
  ])('is told so in JSON: %s', async (_what, text) => {
    const answer = await sendRaw(target.baseUrl, text);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, expect.stringContaining('json')]);
    expect(JSON.parse(answer.text)).toMatchObject({ message: 'Bad request' });
    expect(answer.headers['x-request-id']).toMatch(UUID);
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('is not what expects something unknown', async () => {
    const answer = await sendPlain(target.baseUrl, { path: '/k/1', headers: { expect: 'nada' } });
    expect(answer.status).toBe(200);
  });
});

describe('paths that are no UTF-8', () => {
  it.each(['/k/%FF', '/k/%E3'])('have no route: %s', async (path) => {
    expect(await sendPlain(target.baseUrl, { path })).toMatchObject({ status: 404 });
  });
});

describe('the form of an error', () => {
  it.each([
    [{}, JSON_TYPE],
    [{ accept: '*/*' }, JSON_TYPE],
    [{ accept: 'text/html' }, 'text/html; charset=utf-8'],
    [{ accept: 'text/plain' }, PLAIN_TYPE],
    [{ accept: 'application/xml' }, 'application/xml; charset=utf-8'],
  ])('K60 follows what the client accepts: %j', async (headers, type) => {
    const answer = await sendPlain(target.baseUrl, { path: '/nada', headers });
    expect([answer.status, answer.headers['content-type']]).toEqual([404, type]);
    expect(answer.text).toContain('no Route matched with those values');
  });

  it.each([
    ['', { path: '/fechado/1' }],
    [' although its body is JSON', { path: '/fechado/1', headers: { 'content-type': 'application/json' } }],
  ])('K54 has one key when a REST request does not say what it accepts%s', async (_, sent) => {
    const answer = await sendPlain(target.baseUrl, sent);
    const message = 'An invalid response was received from the upstream server';
    expect([answer.status, JSON.parse(answer.text)]).toEqual([502, { message }]);
  });

  it('K56 has one key when a body without a length passes the limit', async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20);
    const headers = { 'transfer-encoding': 'chunked' };
    const answer = await sendPlain(target.baseUrl, { path: '/k', method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([413, { message: 'Payload too large' }]);
  });

  it('K56 follows the type of the body when the request does not say what it accepts', async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20);
    const headers = { 'content-type': 'text/html', 'content-length': body.length };
    const answer = await sendPlain(target.baseUrl, { path: '/k', method: 'POST', headers, body });
    expect([answer.status, answer.headers['content-type']]).toEqual([413, 'text/html; charset=utf-8']);
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });
});
