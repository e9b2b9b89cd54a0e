import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plataforma-crash-'));
  // PostgreSQL may run under another account.
  await chmod(folder, 0o711);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('npm run crash-matrix', () => {
  it('leaves no file behind when Ctrl-C comes while it starts, however often', async () => {
    const matrix = spawn(process.execPath, ['--conditions=source', 'infra/e2e/crash/matrix-all.ts'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, TMPDIR: folder },
    });
    const ended = once(matrix, 'exit');
    const files = async () => (await readdir(folder, { recursive: true })).join('\n');
    await eventually(async () => expect(await files()).toContain('postgres/'), { timeoutMs: 60_000 });
    matrix.kill('SIGINT');
    matrix.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await files()).toBe('');
  }, 120_000);
});
