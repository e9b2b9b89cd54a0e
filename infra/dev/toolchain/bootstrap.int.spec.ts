import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';

const DEV = new URL('../', import.meta.url);
const LOCKFILE = '{ "lockfileVersion": 3 }';

describe('bootstrap', () => {
  let root: string;
  let bootstrap: string;

  /** A checkout with nothing in it but the bootstrap, whose dependencies count as installed. */
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'plataforma-teste-'));
    bootstrap = join(root, 'infra/dev/bootstrap.mjs');
    await mkdir(join(root, 'infra/dev'), { recursive: true });
    await mkdir(join(root, 'node_modules'));
    await cp(new URL('bootstrap.mjs', DEV), bootstrap);
    await cp(new URL('toolchain', DEV), join(root, 'infra/dev/toolchain'), { recursive: true });
    await writeFile(join(root, 'package-lock.json'), LOCKFILE);
    await writeFile(
      join(root, 'node_modules/.plataforma-lock'),
      createHash('sha256').update(LOCKFILE).digest('hex'),
    );
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [bootstrap, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
      timeout: 20_000,
    });

  it('lists the tasks when the task is unknown', () => {
    const { status, stderr } = run('dançar');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown task "dançar"\.\nUsage: .*\n\n {2}start /);
  });

  it.each([['--help'], ['-h'], ['help'], ['exec', '--help']])('lists the tasks on %s %s', (...args) => {
    const { status, stdout } = run(...args.filter(Boolean));
    expect(status).toBe(0);
    expect(stdout).toContain('  bench:reservas ');
  });

  it.each([
    [['--depressa'], 'Unknown option "--depressa"; --help lists the tasks.\n'],
    [['exec'], 'exec: no program was named; --help tells what it takes.\n'],
    [['exec', '--depressa'], 'exec: "--depressa" is no program; --help tells what it takes.\n'],
  ])('does nothing on %j', (args, sentence) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: sentence });
  });

  it('tells what a task is for, and installs nothing, when nothing is installed yet', async () => {
    await rm(join(root, 'node_modules/.plataforma-lock'));
    const { status, stdout, stderr } = run('reset', '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('reset: delete the data of the local stack.');
    expect(await readdir(root)).not.toContain('.plataforma');
  });

  it('ends with the exit code of the task and keeps its own words off stdout', () => {
    const { status, stdout } = run(
      'exec',
      'node',
      '-e',
      'console.log(process.argv[1]); process.exit(7)',
      'oi',
    );
    expect(stdout).toBe('oi\n');
    expect(status).toBe(7);
  });

  it('tells why and gives the lock back when the dependencies cannot be installed', async () => {
    await writeFile(join(root, 'package.json'), '{ "dependencies": ');
    await rm(join(root, 'node_modules/.plataforma-lock'));
    const { status, stderr } = run('exec', 'node', '--version');
    expect(status).toBe(1);
    expect(stderr).toContain('npm error code EJSONPARSE');
    expect(stderr).toMatch(/The dependencies could not be installed.*\n$/);
    expect(await readdir(join(root, '.plataforma'))).toEqual([]);
  });

  it('passes a signal on once and waits for the task', async () => {
    const task = start('exec', 'node', '-e', WAIT_FOR_SIGNAL);
    await eventually(() => expect(task.output()).toBe('up\n'));
    task.child.kill('SIGINT');
    task.child.kill('SIGINT');
    expect(await task.exitCode).toBe(3);
    expect(task.output()).toBe('up\nSIGINT\n');
  });

  it('ends the task when it is killed itself', async () => {
    const task = start('exec', 'node', '-e', WAIT_FOR_SIGNAL);
    await eventually(() => expect(task.output()).toBe('up\n'));
    task.child.kill('SIGKILL');
    await eventually(() => expect(task.output()).toContain('SIGTERM'));
  });

  function start(...args: string[]) {
    const env = { PATH: process.env.PATH };
    const child: ChildProcess = spawn(process.execPath, [bootstrap, ...args], {
      env,
      stdio: ['ignore', 'pipe', 2],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    const exitCode = new Promise((resolve) => child.once('exit', resolve));
    return { child, exitCode, output: () => output };
  }
});

const WAIT_FOR_SIGNAL = `
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => { console.log(signal); setTimeout(() => process.exit(3), 200); });
  }
  setInterval(() => {}, 1e6);
  console.log('up');
`;
