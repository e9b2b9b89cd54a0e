import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { removePostgresData } from './postgres-account.ts';
import { query } from './postgres-databases.ts';

describe('startPostgres', () => {
  let folder: string;
  let dataDir: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plataforma-teste-'));
    // Reachable by the account `postgres`, which a folder of mkdtemp (mode 700) is not.
    await chmod(folder, 0o755);
    dataDir = join(folder, 'postgres');
  });
  afterEach(async () => {
    await removePostgresData(dataDir);
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps data and password between runs when a data folder is given', async () => {
    const first = await startPostgres({ dataDir, durable: false });
    await query(await first.createDatabase('reservas'), 'CREATE TABLE espaco (id text)');
    await first.stop();
    const second = await startPostgres({ dataDir, durable: false });
    try {
      await query(await second.createDatabase('reservas'), 'INSERT INTO espaco VALUES (1)');
      expect(new URL(second.url('x')).password).toBe(new URL(first.url('x')).password);
    } finally {
      await second.stop();
    }
  });

  it('leaves no process and no file behind when it stops without a data folder', async () => {
    const server = await startPostgres({ durable: false });
    const temporary = dataFolderOf(server.pid);
    expect(existsSync(temporary)).toBe(true);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(temporary)).toBe(false);
  });

  it('starts over the lock of a dead server when its number belongs to another program', async () => {
    await (await startPostgres({ dataDir, durable: false })).stop();
    await writeFile(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n0\n5432\n`);
    const server = await startPostgres({ dataDir, durable: false });
    expect(server.pid).not.toBe(process.pid);
    await server.stop();
  });

  it('refuses data that a live server is using', async () => {
    const server = await startPostgres({ dataDir, durable: false });
    try {
      await expect(startPostgres({ dataDir })).rejects.toThrow(`(process ${server.pid}) is using`);
    } finally {
      await server.stop();
    }
  });

  it('names the port when it is taken', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    try {
      await expect(startPostgres({ dataDir, port })).rejects.toThrow(
        `Port ${port} on 127.0.0.1 is already in use`,
      );
    } finally {
      other.close();
    }
  });

  it('keeps its data below a private folder when only its owner may enter', async () => {
    const hidden = join(folder, 'private');
    await mkdir(hidden, { mode: 0o700 });
    dataDir = join(hidden, 'postgres');
    await (await startPostgres({ dataDir, durable: false })).stop();
    const server = await startPostgres({ dataDir, durable: false });
    await server.stop();
    await removePostgresData(dataDir);
    expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(false);
  });
});

/** A postmaster's working directory is its data folder. */
function dataFolderOf(pid: number): string {
  return execFileSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).trim();
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
