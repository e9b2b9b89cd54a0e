import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { FIXTURES } from '../conformance/fixture-config.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { type RunningEdge, startEdge } from '../server.ts';
import { openBlackHole } from './black-hole.ts';
import { connectionsDuring } from './connections-during.ts';
import { type ScriptedGrpc, startScriptedGrpc } from './scripted-upstream.ts';
import { UpstreamError } from './upstream-error.ts';
import { GrpcUpstream } from './upstream-grpc.ts';

const READ_TIMEOUT_MS = 5000;
const METHODS = ['/conformidade.k.Servico/Obter'];

let folder: string;
let grpc: ScriptedGrpc;
let edge: RunningEdge;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
  grpc = await startScriptedGrpc(METHODS);
  const configFile = join(folder, 'kong.yml');
  await writeFile(configFile, kongYml(grpc.port));
  const logger = createLogger({ service: 'edge', level: 'silent' });
  edge = await startEdge({ configFile, protoRoot: FIXTURES, host: '127.0.0.1', port: 0, logger });
});
afterEach(async () => {
  await edge.stop();
  await grpc.close();
  await rm(folder, { recursive: true });
});

function kongYml(port: number): string {
  return `_format_version: "3.0"
services:
  - name: k
    url: grpc://127.0.0.1:${port}
    retries: 1
    read_timeout: ${READ_TIMEOUT_MS}
    routes:
      - name: k
        protocols: [http]
        strip_path: false
        paths: [/k]
        plugins: [{ name: grpc-gateway, config: { proto: k.proto } }]
`;
}

async function status(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${edge.port}/k/1`)).status;
}

describe('GrpcUpstream', () => {
  it('reaches an upstream again after it was restarted', async () => {
    expect(await status()).toBe(200);
    const { port } = grpc;
    await grpc.close();
    await eventually(async () => expect(await status()).toBe(502));
    grpc = await startScriptedGrpc(METHODS, port);
    expect(await status()).toBe(200);
    expect(await status()).toBe(200);
  });

  it('answers 502, and does not send again, when the upstream dies in the middle of a call', async () => {
    grpc.script = { silent: true };
    const answer = status();
    await eventually(() => expect(grpc.calls).toHaveLength(1));
    await grpc.close();
    expect(await answer).toBe(502);
    expect(grpc.calls).toHaveLength(1);
  });

  it('carries many calls at once', async () => {
    const statuses = await Promise.all(Array.from({ length: 300 }, () => status()));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(grpc.calls).toHaveLength(300);
  });

  it('lets a call in progress end when the edge stops', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    grpc.script = { gate };
    const answer = status();
    await eventually(() => expect(grpc.calls).toHaveLength(1));
    const stopped = edge.stop();
    open();
    expect(await answer).toBe(200);
    await stopped;
    await expect(status()).rejects.toThrow();
  });
});

describe('a call to an upstream that cannot be reached', () => {
  /** What goes wrong, and in how many attempts. */
  async function failure(port: number, connectTimeoutMs: number): Promise<[unknown, number]> {
    const service = { id: 'k', name: 'k', protocol: 'grpc', host: '127.0.0.1', port, retries: 2 } as const;
    const upstream = new GrpcUpstream({ ...service, connectTimeoutMs, readTimeoutMs: READ_TIMEOUT_MS });
    const call = { path: METHODS[0] ?? '', message: Buffer.alloc(5), toJson: (frames: Buffer) => frames };
    let error: unknown;
    const attempts = await connectionsDuring(port, async () => {
      error = await upstream.call(exchangeOf(), call).catch((thrown: unknown) => thrown);
    });
    await upstream.close();
    return [error, attempts];
  }

  it('is tried again, as often as it is told', async () => {
    const [error, attempts] = await failure(1, 5_000);
    expect(error).toBeInstanceOf(UpstreamError);
    expect([error, attempts]).toMatchObject([{ isTimeout: false }, 3]);
  });

  it('is given up after connect_timeout, each time', async () => {
    const hole = await openBlackHole();
    const failed = await failure(hole.port, 50).finally(() => hole.close());
    expect(failed).toMatchObject([{ isTimeout: true, message: 'connect timeout' }, 3]);
  });
});

describe('a call that the upstream breaks off', () => {
  let raw: Http2Server | undefined;
  const sessions = new Set<ServerHttp2Session>();
  let times = 0;

  afterEach(async () => {
    for (const session of sessions) session.destroy();
    sessions.clear();
    await new Promise((resolve) => (raw ? raw.close(resolve) : resolve(undefined)));
  });

  /** Puts an upstream behind the edge that does this with every call, and goes on listening. */
  async function upstream(does: (stream: ServerHttp2Stream) => void): Promise<void> {
    times = 0;
    raw = createServer();
    raw.on('session', (session) => sessions.add(session));
    raw.on('stream', (stream: ServerHttp2Stream) => {
      times += 1;
      stream.on('error', () => undefined);
      does(stream);
    });
    await new Promise<void>((resolve) => raw?.listen(0, '127.0.0.1', resolve));
    await writeFile(join(folder, 'kong.yml'), kongYml((raw.address() as AddressInfo).port));
    await edge.reload();
  }

  const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

  it.each([
    ['with an error', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['by cancelling it', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_CANCEL)],
    ['by closing the connection', (stream: ServerHttp2Stream) => stream.session?.socket.destroy()],
    ['by refusing it', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['by ending the session', (stream: ServerHttp2Stream) => stream.session?.destroy()],
    [
      'in the middle of its answer',
      (stream: ServerHttp2Stream) => {
        stream.respond(HEADERS);
        stream.write(Buffer.alloc(10), () => stream.destroy(new Error('broken')));
      },
    ],
    [
      'in the middle of its answer, by closing the connection',
      (stream: ServerHttp2Stream) => {
        stream.respond(HEADERS);
        stream.write(Buffer.alloc(10), () => stream.session?.socket.destroy());
      },
    ],
  ])('%s is answered 502 and never sent again', async (_, does) => {
    await upstream(does);
    expect([await status(), times]).toEqual([502, 1]);
  });

  it('is one whose answer is larger than any answer may be, and the upstream learns it', async () => {
    const { promise: cut, resolve } = Promise.withResolvers<number>();
    await upstream((stream) => {
      stream.respond(HEADERS);
      stream.once('close', () => resolve(stream.rstCode));
      const piece = Buffer.alloc(1024 * 1024);
      const more = (): void => void (stream.destroyed || stream.write(piece, more));
      more();
    });
    expect(await status()).toBe(502);
    expect(await cut).toBe(constants.NGHTTP2_CANCEL);
    expect(times).toBe(1);
  });
});
