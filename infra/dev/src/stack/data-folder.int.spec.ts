import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { clearData } from './data-folder.ts';
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
      expect(await readdir(dataDir)).not.toContain('redis');
    } finally {
      await postgres.stop();
    }
  });
});
