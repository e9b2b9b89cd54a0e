import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FIXTURES, fixtureConfig } from './conformance/fixture-config.ts';
import { EdgeNode } from './edge-node.ts';
import { exchangeOf } from './http/exchange-stand-in.ts';

const GATEWAY = '{ name: grpc-gateway, config: { proto: k.proto } }';
const LUA = fixtureConfig({ host: 'x', ports: { grpc: 1, http: 1, closed: 1 }, keys: [], version: 'v' })
  .match(/name: post-function\n\s+config:\n\s+header_filter: (.*)\n\s+body_filter: (.*)\n/)
  ?.slice(1) ?? [''];
const POST_FUNCTION = `{ name: post-function, config: { header_filter: ${LUA[0]}, body_filter: ${LUA[1]} } }`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function load(protocol: string, plugins: string, node = new EdgeNode(FIXTURES)) {
  const file = join(folder, 'kong.yml');
  await writeFile(
    file,
    `_format_version: "3.0"
services:
  - name: s
    url: ${protocol}://127.0.0.1:1
    routes:
      - { name: r, protocols: [http], strip_path: false, paths: [/k], plugins: [${plugins}] }
`,
  );
  return node.load(file, { rereadProtos: true });
}

describe('EdgeNode', () => {
  it.each([
    ['grpc-gateway before HTTP', 'http', GATEWAY, 'grpc-gateway needs a grpc:// upstream'],
    ['REST to gRPC without a gateway', 'grpc', '', 'REST to a grpc:// upstream needs grpc-gateway'],
  ])('refuses %s', async (_, protocol, plugins, message) => {
    await expect(load(protocol, plugins)).rejects.toThrow(message);
  });

  it('runs the plugins of a route by their priority, whatever the order of the file', async () => {
    const others =
      '{ name: prometheus }, { name: rate-limiting, config: { minute: 2, limit_by: ip, policy: local } }';
    const { routes } = await load('grpc', `${POST_FUNCTION}, ${others}, ${GATEWAY}`);
    const names = routes[0]?.plugins.map(({ name }) => name);
    expect(names).toEqual(['grpc-gateway', 'rate-limiting', 'post-function']);
  });

  it('goes on counting when it loads again', async () => {
    const node = new EdgeNode(FIXTURES);
    const limited = '{ name: rate-limiting, config: { day: 1, limit_by: ip, policy: local } }';
    const answers = [];
    for (let times = 0; times < 2; times += 1) {
      const { routes } = await load('http', limited, node);
      answers.push((await routes[0]?.plugins[0]?.access?.(exchangeOf()))?.status);
    }
    expect(answers).toEqual([undefined, 429]);
  });
});
