import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { type RunningEdge, startEdge } from './server.ts';
import { type EchoHttp, startEchoHttp } from './upstream/scripted-upstream.ts';

let folder: string;
let configFile: string;
let http: EchoHttp;
let edge: RunningEdge | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
  configFile = join(folder, 'kong.yml');
  http = await startEchoHttp();
});
afterEach(async () => {
  await edge?.stop();
  edge = undefined;
  await http.close();
  await rm(folder, { recursive: true });
});

function kongYml(path: string, extra = ''): string {
  return `_format_version: "3.0"
services:
  - name: eco
    url: http://127.0.0.1:${http.port}
    routes:
      - { name: eco, protocols: [http], strip_path: false, paths: [${path}]${extra} }
`;
}

async function start(config: string): Promise<void> {
  await writeFile(configFile, config);
  const logger = createLogger({ service: 'edge', level: 'silent' });
  edge = await startEdge({ configFile, protoRoot: folder, host: '127.0.0.1', port: 0, logger });
}

async function statusOf(path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${edge?.port}${path}`)).status;
}

describe('reload', () => {
  it('takes up a kong.yml that was replaced by a rename', async () => {
    await start(kongYml('/um'));
    expect(await statusOf('/dois')).toBe(404);
    await writeFile(`${configFile}.tmp`, kongYml('/dois'));
    await rename(`${configFile}.tmp`, configFile);
    await eventually(async () => expect(await statusOf('/dois')).toBe(200));
    expect(await statusOf('/um')).toBe(404);
  });

  it('keeps the previous configuration when the new one is refused', async () => {
    await start(kongYml('/um'));
    await writeFile(configFile, kongYml('/dois', ', plugins: [{ name: acl }]'));
    await expect(edge?.reload()).rejects.toThrow('does not implement the plugin "acl"');
    expect(await statusOf('/um')).toBe(200);
  });

  it.each([
    ['an unknown plugin', ', plugins: [{ name: ip-restriction }]', 'plugin "ip-restriction"'],
    ['an unknown key of a route', ', hosts: [a.com]', '"hosts"'],
    ['jwt that would take tokens from the URL', ', plugins: [{ name: jwt }]', 'uri_param_names'],
    [
      'foreign Lua',
      ', plugins: [{ name: post-function, config: { header_filter: [x], body_filter: [z] } }]',
      'reproduce',
    ],
  ])('refuses to start with %s', async (_what, extra, message) => {
    await expect(start(kongYml('/um', extra))).rejects.toThrow(message);
  });

  it('refuses what Kong would refuse, with its reasons', async () => {
    await writeFile(
      configFile,
      kongYml('/um').replace('protocols: [http]', 'protocols: [grpc], methods: [POST]'),
    );
    const logger = createLogger({ service: 'edge', level: 'silent' });
    const starting = startEdge({ configFile, protoRoot: folder, host: '127.0.0.1', port: 0, logger });
    await expect(starting).rejects.toThrow("cannot set 'methods' when 'protocols' is 'grpc' or 'grpcs'");
  });

  it('refuses a taken port', async () => {
    await start(kongYml('/um'));
    const logger = createLogger({ service: 'edge', level: 'silent' });
    const options = { configFile, protoRoot: folder, host: '127.0.0.1', port: edge?.port ?? 0, logger };
    await expect(startEdge(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
