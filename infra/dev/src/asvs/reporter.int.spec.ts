import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest as settings } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');
/** Another jest has to start beside this one. */
const PATIENCE_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'plataforma-asvs-'));

settings.setTimeout(2 * PATIENCE_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** jest in a repository that has one test, with the reporter and the page of this one. */
function jest(...args: string[]) {
  writeFileSync(join(folder, 'a.spec.js'), "it('holds', () => {});\n");
  const project = { displayName: 'unit', rootDir: folder, testMatch: ['**/*.spec.js'], transform: {} };
  const reporters = [join(import.meta.dirname, 'reporter.ts')];
  const config = JSON.stringify({ rootDir: folder, reporters, projects: [project] });
  const command = ['--conditions=source', 'node_modules/jest/bin/jest.js', '--config', config, ...args];
  const { NODE_OPTIONS: _, ...env } = process.env;
  return spawnSync(process.execPath, command, { cwd: ROOT, env, encoding: 'utf8', timeout: PATIENCE_MS });
}

describe('jest with the reporter of named tests', () => {
  it('fails when it ran everything and a named test was not there', () => {
    const { status, stdout } = jest();
    expect(stdout).toContain('names tests that did not run:\n');
    expect(stdout).toContain('  services/auth/test/senhas/contrato.spec.ts: ');
    expect(stdout).not.toContain('.int.spec.ts: ');
    expect(stdout).toMatch(/1 passed, [1-9]\d* failed\n$/);
    expect(status).toBe(1);
  });

  it('is content when it was asked for some files or titles only', () => {
    expect(jest('a.spec')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/1 passed, 0 failed\n$/),
    });
    expect(jest('-t', 'holds')).toMatchObject({ status: 0 });
  });
});
