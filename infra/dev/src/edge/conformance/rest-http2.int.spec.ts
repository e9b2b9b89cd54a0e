import { type ClientHttp2Session, connect } from 'node:http2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { type Http2Answer, sendHttp2 } from './http2-client.ts';

let target: ConformanceTarget;
let session: ClientHttp2Session;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
  session = connect(target.baseUrl);
});
afterEach(() => session.close());

interface Answer extends Http2Answer {
  readonly status: unknown;
}

async function send(
  path: string,
  { body, ...headers }: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const answer = await sendHttp2(session, { ':method': method, ':path': path, ...headers }, body);
  return { status: answer.headers[':status'], ...answer };
}

const POST_FUNCTION = { 'x-post-function': 'on' };

describe('REST over HTTP/2', () => {
  it('answers as over HTTP/1.1 what goes well', async () => {
    const reply = Buffer.from(target.k.encode(target.k.fromObject({ id: 'a1' })).finish());
    target.grpc.script = { replies: [reply] };
    const { status, text, trailers } = await send('/k/a1', POST_FUNCTION);
    expect([status, JSON.parse(text).id, trailers['grpc-status']]).toEqual([200, 'a1', '0']);
  });

  it('answers as over HTTP/1.1 what a service refuses', async () => {
    target.grpc.script = { error: { code: 6, message: 'ocupado' } };
    const { status, text } = await send('/k/a1', POST_FUNCTION);
    const problem = {
      code: 'already_exists',
      message: 'ocupado',
      requestId: expect.any(String),
      details: {},
    };
    expect([status, JSON.parse(text)]).toEqual([409, expect.objectContaining(problem)]);
  });

  it('answers in plain text to an unknown path', async () => {
    const { status, text } = await send('/k/a/b/c');
    expect([status, text]).toEqual([400, 'failed to transcode .proto file Unknown path "/k/a/b/c"']);
  });

  it.each([
    ['{"id":1}', 'REQUISICAO_INVALIDA', 'failed to encode payload'],
    ['{"id":', 'CORPO_ILEGIVEL', 'decode json err: Expected value but found T_END at character 7'],
  ])('takes its own refusal of %s for one of gRPC', async (body, reason, message) => {
    const headers = { ...POST_FUNCTION, 'content-type': 'application/json', body };
    const { status, text } = await send('/k', headers, 'POST');
    expect([status, JSON.parse(text)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_argument', reason }),
    ]);
    const plain = await send('/k', { 'content-type': 'application/json', body }, 'POST');
    expect([plain.status, plain.text, plain.headers['grpc-message']]).toEqual([400, '', message]);
  });

  it('K59 takes a limit that is hit for one of gRPC', async () => {
    const answers: Answer[] = [];
    for (let sent = 0; sent < 6; sent += 1) answers.push(await send('/limitado/1'));
    const limited = answers.find(({ status }) => status === 429);
    expect(limited).toMatchObject({
      text: '',
      headers: { 'grpc-status': '8', 'grpc-message': 'ResourceExhausted' },
    });
  });

  it('has no route for what has none, in the form that is asked for', async () => {
    const { status, text } = await send('/nada', { accept: 'text/plain' });
    expect([status, text]).toEqual([404, expect.stringMatching(/^no Route matched with those values\n/)]);
  });
});
