import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addresses } from './addresses.ts';
import { natsOfStack } from './nats-of-stack.ts';
import { portsFromEnv } from './ports.ts';
import type { Stack } from './stack.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stack-'));
});
afterEach(() => rm(folder, { recursive: true }));

const started = (NATS_URL: string) =>
  writeFile(join(folder, 'environments.json'), JSON.stringify({ reservas: { NATS_URL } }));

describe('natsOfStack', () => {
  const servers = async (env: NodeJS.ProcessEnv) =>
    (await natsOfStack({ PLATAFORMA_DATA: folder, ...env })).servers;

  it('finds the stack of the data folder wherever its ports were moved to', async () => {
    expect(await servers({})).toEqual(['nats://127.0.0.1:4222']);
    await started('nats://127.0.0.1:5222');
    expect(await servers({})).toEqual(['nats://127.0.0.1:5222']);
  });

  it('believes the environment first', async () => {
    await started('nats://127.0.0.1:5222');
    expect(await servers({ NATS_PORT: '6222' })).toEqual(['nats://127.0.0.1:6222']);
    expect(await servers({ NATS_PORT: '6222', NATS_URL: 'nats://a:1,nats://b:2' })).toEqual([
      'nats://a:1',
      'nats://b:2',
    ]);
  });
});

describe('the hints of npm start', () => {
  const moved = Object.fromEntries(
    Object.keys(portsFromEnv({})).map((name, index) => [name, `${9_000 + index}`]),
  );
  const stack = {
    ports: portsFromEnv(moved),
    secrets: { adminPassword: 'segredo' },
    natsUrl: `nats://127.0.0.1:${moved.NATS_PORT}`,
    usesRealStripe: false,
  } as unknown as Stack;

  it('name no port but those that are used', () => {
    const ports = [...addresses(stack, 'esp_1', {}).matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
    expect(ports.length).toBeGreaterThan(10);
    expect(Object.values(moved)).toEqual(expect.arrayContaining(ports));
  });

  it('lead commands to the data folder when it was moved', () => {
    expect(addresses(stack, 'esp_1', {})).toContain('\n  npm run --silent events');
    expect(addresses(stack, 'esp_1', { PLATAFORMA_DATA: '/dados' })).toContain(
      "\n  PLATAFORMA_DATA='/dados' npm run --silent events",
    );
  });
});
