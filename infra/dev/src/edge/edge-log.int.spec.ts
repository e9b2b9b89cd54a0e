import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { FIXTURES } from './conformance/fixture-config.ts';
import { type RunningEdge, startEdge } from './server.ts';
import { type EchoHttp, startEchoHttp } from './upstream/scripted-upstream.ts';

let folder: string;
let http: EchoHttp;
let edge: RunningEdge;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
  http = await startEchoHttp();
  const configFile = join(folder, 'kong.yml');
  await writeFile(configFile, kongYml(http.port));
  const destination = { write: (line: string) => void lines.push(line) };
  edge = await startEdge({
    ...{ configFile, protoRoot: FIXTURES, host: '127.0.0.1', port: 0 },
    logger: createLogger({ service: 'edge', destination }),
    maxBodyBytes: 10,
  });
});
beforeEach(() => {
  lines.length = 0;
});
afterAll(async () => {
  await edge?.stop();
  await http?.close();
  await rm(folder, { recursive: true });
});

/** Nobody listens on port 1. */
function kongYml(port: number): string {
  const plain = 'protocols: [http], strip_path: false';
  return `_format_version: "3.0"
services:
  - name: fechado
    url: http://127.0.0.1:1
    retries: 0
    routes:
      - { name: calendario, ${plain}, paths: [/api/v1/calendarios, /api/v1/exports, /api/v1/erasures, /api/v1/users] }
  - name: eco
    url: http://127.0.0.1:${port}
    routes:
      - { name: eco, ${plain}, paths: [/eco] }
`;
}

const address = (path: string) => `http://127.0.0.1:${edge.port}${path}`;

describe('what the edge writes down of a request that fails', () => {
  it.each([
    ['/api/v1/calendarios/SEGREDO.ics', '/api/v1/calendarios/***.ics'],
    ['/api/v1/exports/SEGREDO.tar.gz', '/api/v1/exports/***.tar.gz'],
    ['/api/v1/erasures/SEGREDO', '/api/v1/erasures/***'],
    ['/api/v1/calendarios/%53EGREDO%2eics', '/api/v1/calendarios/***.ics'],
    ['/api/v1/calendarios/../calendarios/SEGREDO.ics?x=SEGREDO', '/api/v1/calendarios/***.ics'],
    ['/api/v1/calendarios/cal_1?token=SEGREDO', '/api/v1/calendarios/cal_1'],
    ['/api/v1/users?busca=SEGREDO@exemplo.com', '/api/v1/users'],
  ])('names %s without what lets in whoever knows it', async (asked, written) => {
    expect((await fetch(address(asked))).status).toBe(502);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      msg: 'upstream failed',
      path: written,
    });
    expect(lines.join()).not.toContain('EGREDO');
  });

  it('is nothing when the client sent too much or went away', async () => {
    const tooMuch = await fetch(address('/eco'), { method: 'POST', body: 'x'.repeat(11) });
    expect([tooMuch.status, tooMuch.headers.get('connection')]).toEqual([413, 'close']);
    const socket = connect(edge.port, '127.0.0.1');
    socket.write('POST /eco HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf');
    await eventually(() => expect(socket.bytesWritten).toBeGreaterThan(0));
    socket.destroy();
    expect((await fetch(address('/eco'), { method: 'POST', body: 'x'.repeat(10) })).status).toBe(200);
    expect(lines).toEqual([]);
  });
});

describe('the largest body', () => {
  const post = (body: string | ReadableStream, more: RequestInit = {}) =>
    fetch(address('/eco'), { method: 'POST', body, ...more });
  /** Of unknown length. */
  const streamed = (bytes: number) =>
    post(new Blob(['x'.repeat(bytes)]).stream(), { duplex: 'half' } as RequestInit);

  it('may be exactly as large as it is told, announced or not', async () => {
    expect((await post('x'.repeat(10))).status).toBe(200);
    expect((await streamed(10)).status).toBe(200);
    expect((await post('x'.repeat(11))).status).toBe(413);
    expect((await streamed(11)).status).toBe(413);
    expect(http.requests.every(({ body }) => body.length <= 10)).toBe(true);
  });
});
