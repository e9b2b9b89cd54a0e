import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { portsFromEnv } from './ports.ts';
import { startStack } from './stack.ts';

it('a stack makes no secrets for data that its PostgreSQL did not get', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'stack-'));
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const { port } = squatter.address() as AddressInfo;
    const ports = { ...portsFromEnv({}), POSTGRES_PORT: port };
    await expect(startStack({ dataDir, ports, env: {} })).rejects.toThrow(`${port}`);
    expect(await readdir(dataDir)).not.toContain('secrets.json');
  } finally {
    squatter.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
