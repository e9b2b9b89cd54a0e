import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../../..');
/** Another jest has to start beside this one. */
const PATIENCE_MS = 120_000;
const GLOBALS = "import { afterAll, expect, it, jest } from '@jest/globals';\n";

jest.setTimeout(PATIENCE_MS);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plataforma-specs-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const preset = new URL('./preset.ts', import.meta.url).href;
  const config = `import { jestPreset } from '${preset}';\nexport default jestPreset({ rootDir: '${folder}' });`;
  writeFileSync(join(folder, 'jest.config.mjs'), config);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The specs, in their order, in one worker. */
function run(specs: Record<string, string>, ...args: string[]): { status: number | null; lines: string[] } {
  // Of files that it does not know jest takes the largest first.
  for (const [n, [name, text]] of Object.entries(specs).entries())
    writeFileSync(join(folder, name), GLOBALS + text + ' '.repeat(1_000 * (10 - n)));
  const command = [
    '--experimental-vm-modules',
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
  ];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout } = spawnSync(
    process.execPath,
    [...command, 'node_modules/jest/bin/jest.js', '-c', join(folder, 'jest.config.mjs'), '-w', '1', ...args],
    { cwd: ROOT, env, encoding: 'utf8', timeout: PATIENCE_MS },
  );
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('specs in one process', () => {
  it('fail by assertions, by none, and by what nobody catches', () => {
    const { status, lines } = run({
      'a.spec.ts': `
        it('holds', () => expect(1).toBe(1));
        it('does not hold', () => expect(1).toBe(2));
        it('asserts nothing', () => {});
        it('rejects beside', () => { expect(1).toBe(1); void Promise.reject(new Error('beside')); });
        it('rejects and goes on', async () => {
          void Promise.reject(new Error('beside'));
          await new Promise((resolve) => setTimeout(resolve, 50));
          expect(1).toBe(1);
        });
        it('throws later', async () => {
          expect(1).toBe(1);
          setTimeout(() => { throw new Error('later'); });
          await new Promise((resolve) => setTimeout(resolve, 50));
        });
        it('rejects and is waited for', async () => {
          const refused = Promise.reject(new Error('waited for'));
          await new Promise((resolve) => setTimeout(resolve, 50));
          await expect(refused).rejects.toThrow('waited for');
        });
        it.skip('is left out', () => {});`,
      'b.spec.ts': `throw new Error('cannot be loaded');`,
      'c.spec.ts': `
        afterAll(() => { void Promise.reject(new Error('of no test')); });
        it('holds', () => expect(1).toBe(1));`,
    });
    expect(lines.slice(lines.indexOf('Failed:') + 1)).toEqual([
      '  a.spec.ts: does not hold',
      '  a.spec.ts: asserts nothing',
      '  a.spec.ts: rejects beside',
      '  a.spec.ts: rejects and goes on',
      '  a.spec.ts: throws later',
      '  b.spec.ts: did not run',
      '  c.spec.ts: did not run',
      '',
      '3 passed, 7 failed, 1 skipped',
    ]);
    expect(status).toBe(1);
  });

  it('find the process as it was, and the modules loaded', () => {
    writeFileSync(join(folder, 'module.ts'), 'export const loaded: { by?: string } = {};');
    const { status, lines } = run({
      'a.spec.ts': `
        import { loaded } from './module.ts';
        it('changes everything', () => {
          process.env.ONLY_HERE = process.env.HOME = 'x';
          process.exitCode = 3;
          jest.spyOn(Math, 'random').mockReturnValue(7);
          jest.useFakeTimers({ now: 0 });
          loaded.by = 'a';
          console.log('said');
          expect([Date.now(), Math.random()]).toEqual([0, 7]);
        });`,
      'b.spec.ts': `
        import { loaded } from './module.ts';
        it('sees nothing of it', () => {
          expect([process.env.ONLY_HERE, process.env.HOME === 'x', process.exitCode]).toEqual([undefined, false, undefined]);
          expect(Math.random()).toBeLessThan(1);
          expect(Date.now()).toBeGreaterThan(1e12);
          expect(loaded).toEqual({ by: 'a' });
        });`,
    });
    expect(lines.filter((line) => line.startsWith('  console'))).toEqual(['  console.log: said']);
    expect(lines.at(-1)).toBe('2 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('do not leave it, by which all others would pass unseen', () => {
    const specs = {
      'a.spec.ts': `it('leaves', () => { expect(1).toBe(1); process.exit(0); });`,
      'b.spec.ts': `it('does not hold', () => expect(1).toBe(2));`,
    };
    const { status, lines } = run(specs);
    expect(lines.slice(lines.indexOf('Failed:') + 1)).toEqual([
      ...['  a.spec.ts: leaves', '  b.spec.ts: does not hold', '', '0 passed, 2 failed'],
    ]);
    expect(status).toBe(1);
  });

  it('are chosen by their titles', () => {
    const specs = {
      'a.spec.ts': `it('one', () => expect(1).toBe(1)); it('other', () => expect(1).toBe(2));`,
    };
    expect(run(specs, '-t', 'one').lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('have modules of their own where jest is asked for that', () => {
    writeFileSync(join(folder, 'module.ts'), 'export const loaded = { times: 0 };');
    const text = `
      import { loaded } from './module.ts';
      it('is the first', () => expect((loaded.times += 1)).toBe(1));`;
    const specs = { 'a.spec.ts': text, 'b.spec.ts': text };
    expect(run(specs).lines.at(-1)).toBe('1 passed, 1 failed');
    const own = run(specs, '--testRunner=jest-circus/runner', '--injectGlobals=false');
    expect(own.lines.at(-1)).toBe('2 passed, 0 failed');
  });
});
