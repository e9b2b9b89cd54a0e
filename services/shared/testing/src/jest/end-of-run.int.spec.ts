import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

/** What jest does before it runs anything. */
const SETUP = `import { default as start } from ${JSON.stringify(new URL('./start-postgres.ts', import.meta.url).href)};
await start();
console.log('running');
setInterval(() => {}, 60_000);`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plataforma-run-'));
  // PostgreSQL may run under another account.
  await chmod(folder, 0o711);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a run that %s ends leaves no server and no file, however often it comes, and ends by it',
  async (signal) => {
    const run = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', SETUP], {
      env: { PATH: process.env.PATH, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(run, 'exit');
    await once(run.stdout, 'data');
    expect(await readdir(folder)).toHaveLength(1);
    run.kill(signal);
    run.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(await readdir(folder)).toEqual([]);
  },
);
