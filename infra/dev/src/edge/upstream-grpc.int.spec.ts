import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { FIXTURES } from './fixture-config.ts';
import { type ScriptedGrpc, startScriptedGrpc } from './scripted-upstream.ts';
import { type RunningEdge, startEdge } from './server.ts';

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
    read_timeout: 5000
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
