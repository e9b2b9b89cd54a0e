import { access, chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { clearData, securedFolder } from './data-folder.ts';
import { freePorts } from './ports.ts';
import { startStack } from './stack.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plataforma-data-'));
});

afterEach(async () => {
  await clearData(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

describe('clearData', () => {
  it('removes the folder when only the stack wrote there', async () => {
    await mkdir(join(dataDir, 'redis'));
    await writeFile(join(dataDir, 'kong.yml.tmp'), '');
    await writeFile(join(dataDir, 'secrets.json'), '{}');
    await writeFile(join(dataDir, 'environments.json'), '{}');
    await clearData(dataDir);
    await expect(access(dataDir)).rejects.toThrow('ENOENT');
  });

  it('leaves what somebody else keeps in the folder', async () => {
    await mkdir(join(dataDir, 'nats'));
    await writeFile(join(dataDir, 'letters.txt'), 'mine');
    await writeFile(join(dataDir, 'natsumi.txt'), 'mine too');
    await clearData(dataDir);
    expect((await readdir(dataDir)).sort()).toEqual(['letters.txt', 'natsumi.txt']);
  });

  it('does nothing when there is no such folder', async () => {
    await expect(clearData(join(dataDir, 'absent'))).resolves.toBeUndefined();
  });
});

describe('securedFolder', () => {
  const openTo = async (name: string) => (await stat(join(dataDir, name))).mode & 0o077;

  it('closes what an earlier release has left open to other accounts', async () => {
    for (const folder of ['redis', 'nats', 'mail', 'logs'])
      await mkdir(join(dataDir, folder), { recursive: true, mode: 0o755 });
    for (const file of ['secrets.json', 'environments.json', 'kong.yml', 'stripe.jsonl'])
      await writeFile(join(dataDir, file), '', { mode: 0o644 });
    await chmod(dataDir, 0o755);
    await securedFolder(dataDir);
    for (const name of await readdir(dataDir)) expect([name, await openTo(name)]).toEqual([name, 0]);
    // The account of PostgreSQL may pass, where root runs it; nobody may list.
    expect((await openTo('.')) & 0o066).toBe(0);
  });

  it('makes a folder that is closed from the beginning', async () => {
    await rm(dataDir, { recursive: true });
    await securedFolder(dataDir);
    for (const name of ['redis', 'nats', 'mail', 'logs']) expect(await openTo(name)).toBe(0);
    expect((await openTo('.')) & 0o066).toBe(0);
  });

  it("changes nothing of somebody else's, nor the mode of a folder that holds it", async () => {
    await writeFile(join(dataDir, 'letters.txt'), 'mine', { mode: 0o644 });
    await chmod(dataDir, 0o755);
    await securedFolder(dataDir);
    expect([await openTo('letters.txt'), await openTo('.')]).toEqual([0o044, 0o055]);
    expect(await openTo('redis')).toBe(0);
  });
});

describe('data of a running stack', () => {
  it('is neither deleted nor opened by a second stack on other ports', async () => {
    const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), durable: false });
    try {
      const started: string[] = [];
      await expect(clearData(dataDir)).rejects.toThrow('is using');
      const second = {
        dataDir,
        ports: await freePorts(),
        env: {},
        onStarted: (part: string) => void started.push(part),
      };
      await expect(startStack(second)).rejects.toThrow('is using');
      expect(started).toEqual([]);
      expect(await readdir(join(dataDir, 'redis'))).toEqual([]);
    } finally {
      await postgres.stop();
    }
  });
});
