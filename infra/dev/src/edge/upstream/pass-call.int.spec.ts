import { once } from 'node:events';
import { constants, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { KongService } from '../config/kong-config.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { ClientGoneError, PayloadTooLargeError } from '../http/request-body.ts';
import { connectionsDuring } from './connections-during.ts';
import { GrpcUpstream } from './upstream-grpc.ts';

const MAX_BODY = 1000;

let server: Http2Server;
let streams: ServerHttp2Stream[];
let upstream: GrpcUpstream;

beforeEach(async () => {
  streams = [];
  server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    streams.push(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream = upstreamAt((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await upstream.close();
  server.close();
});

function upstreamAt(port: number, changes: Partial<KongService> = {}): GrpcUpstream {
  const service = { id: 'k', name: 'k', protocol: 'grpc', host: '127.0.0.1', port, retries: 2 } as const;
  return new GrpcUpstream({ ...service, connectTimeoutMs: 5000, readTimeoutMs: 5000, ...changes });
}

/** A native call whose body is still being written. */
function callWith(body: Readable): Exchange {
  const exchange = exchangeOf({ method: 'POST', path: '/p.S/M' });
  const isComplete = () => body.readableEnded;
  return {
    ...exchange,
    maxBodyBytes: MAX_BODY,
    request: { ...exchange.request, hasBody: true, body, isComplete },
  };
}

/** As a stream of HTTP/2: it closes with the answer, not with its own end. */
function clientBody(): PassThrough {
  return new PassThrough({ autoDestroy: false });
}

function whole(): PassThrough {
  return clientBody().end('x');
}

/** The stream of the upstream that a call has opened. */
async function opened(): Promise<ServerHttp2Stream> {
  await eventually(() => expect(streams).toHaveLength(1));
  return streams[0] as ServerHttp2Stream;
}

async function bodyOf(reply: Reply): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(reply.body)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('a native call', () => {
  it('goes both ways at once', async () => {
    const body = clientBody();
    const answer = upstream.proxy(callWith(body));
    const stream = await opened();
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('data', (chunk: Buffer) => stream.write(`eco ${chunk}`));
    stream.on('end', () => stream.end());
    const reply = await answer;
    body.write('um');
    await eventually(() => expect((reply.body as Readable).readableLength).toBe(6));
    body.end('dois');
    expect(await bodyOf(reply)).toBe('eco umeco dois');
    expect(reply.trailers?.().get('grpc-status')).toBe('0');
  });

  it('is given up when the upstream is silent, before its answer and in it', async () => {
    const { port } = server.address() as AddressInfo;
    const impatient = upstreamAt(port, { readTimeoutMs: 500 });
    await expect(impatient.proxy(callWith(whole()))).rejects.toMatchObject({ isTimeout: true });
    expect(streams).toHaveLength(1);
    server.once('stream', (stream) => stream.respond({ ':status': 200 }));
    const answer = impatient.proxy(callWith(whole()));
    await expect(bodyOf(await answer)).rejects.toThrow('read timeout');
    await impatient.close();
  });

  it('ends at the upstream when the client leaves', async () => {
    const body = clientBody();
    const answer = upstream.proxy(callWith(body));
    const stream = await opened();
    body.destroy();
    await expect(answer).rejects.toThrow(ClientGoneError);
    await eventually(() => expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL));
  });

  it('ends at the upstream when nobody reads the answer any more', async () => {
    const answer = upstream.proxy(callWith(whole()));
    const stream = await opened();
    stream.respond({ ':status': 200 });
    ((await answer).body as Readable).destroy();
    await eventually(() => expect(stream.closed).toBe(true));
  });

  it('may not be larger than it is allowed to be, in all its messages together', async () => {
    const body = clientBody();
    const answer = upstream.proxy(callWith(body));
    await opened();
    for (let sent = 0; sent <= MAX_BODY; sent += 100) body.write(Buffer.alloc(100));
    await expect(answer).rejects.toThrow(PayloadTooLargeError);
  });

  it('is tried again only while nothing of it has been sent', async () => {
    const nowhere = upstreamAt(1);
    const work = () => expect(nowhere.proxy(callWith(whole()))).rejects.toThrow('broke off');
    expect(await connectionsDuring(1, work)).toBe(3);
    await nowhere.close();
    const answer = upstream.proxy(callWith(whole()));
    (await opened()).close(constants.NGHTTP2_REFUSED_STREAM);
    await expect(answer).rejects.toThrow('broke off');
    expect(streams).toHaveLength(1);
  });
});
