import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { freePort } from '@plataforma/testing/servers/ports';
import { startNodeProcess } from './node-process.ts';
import { Parts } from './parts.ts';
import type { Restartable } from './restartable.ts';
import { keepAlive, type RestartPolicy, type Witness } from './supervisor.ts';

const QUICK: RestartPolicy = { firstDelayMs: 20, quickMs: 60_000, quickDeaths: 3 };

let folder: string;
let port: number;
let part: Restartable | undefined;
let told: string[];
const witness: Witness = {
  died: (name, { how }, delayMs) => void told.push(`${name} ${how}, ${delayMs}`),
  serving: (name) => void told.push(`${name} serves`),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervisor-'));
  port = await freePort();
  told = [];
});
afterEach(async () => {
  await part?.stop();
  part = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Serves until it is killed; with a file `sick` beside it, it says why and ends as soon as it was seen to serve. */
async function startProgram(aborted?: AbortSignal): Promise<Restartable> {
  const file = join(folder, 'program.mjs');
  await writeFile(
    file,
    `import { existsSync } from 'node:fs';
     import { createServer } from 'node:http';
     const sick = existsSync(${JSON.stringify(join(folder, 'sick'))});
     createServer((_, response) => {
       response.end('ok');
       if (sick) { console.error('no more disk'); setTimeout(() => process.exit(9), 20); }
     }).listen(${port}, '127.0.0.1');`,
  );
  return startNodeProcess({
    name: 'program',
    args: [file],
    env: { PATH: process.env.PATH ?? '' },
    ports: [port],
    readyUrl: `http://127.0.0.1:${port}/`,
    logFile: join(folder, 'log'),
    aborted,
  });
}

async function serves(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

const crash = (running: Restartable) => process.kill(running.server.pid, 'SIGKILL');

describe('keepAlive', () => {
  it('starts a killed program again, each time it is killed, and says so', async () => {
    part = await startProgram();
    void keepAlive('program', part, { witness, signal: new AbortController().signal, policy: QUICK });
    crash(part);
    await eventually(() => expect(told).toEqual(['program SIGKILL, 20', 'program serves']));
    expect(await serves()).toBe(true);
    crash(part);
    await eventually(() => expect(told.slice(2)).toEqual(['program SIGKILL, 40', 'program serves']));
  });

  it('forgets old deaths of a program that has stayed up', async () => {
    part = await startProgram();
    const policy = { ...QUICK, quickMs: 0 };
    void keepAlive('program', part, { witness, signal: new AbortController().signal, policy });
    for (let times = 1; times <= 2; times += 1) {
      crash(part);
      await eventually(() => expect(told).toHaveLength(2 * times));
    }
    expect(told[2]).toBe('program SIGKILL, 20');
  });

  it('gives up a program that does not stay up, with its reason and its last words', async () => {
    part = await startProgram();
    await writeFile(join(folder, 'sick'), '');
    const kept = keepAlive('program', part, { witness, signal: new AbortController().signal, policy: QUICK });
    crash(part);
    await expect(kept).rejects.toThrow(
      /^program ended 4 times in a row, at last with exit code 9\. Its last output:\nno more disk$/,
    );
    expect(told.filter((line) => line.includes('SIGKILL') || line.includes('exit code'))).toHaveLength(3);
  });

  it('leaves alone what is stopped, killed or restarted on purpose', async () => {
    part = await startProgram();
    void keepAlive('program', part, { witness, signal: new AbortController().signal, policy: QUICK });
    await part.restart();
    await part.kill();
    await part.restart();
    await part.stop();
    expect(told).toEqual([]);
    expect(await serves()).toBe(false);
  });
});

describe('stopping in the middle of a restart', () => {
  it.each([0, 5, 60, 150, 400])('leaves no process, %i ms after the death', async (ms) => {
    const parts = new Parts({ supervisor: witness });
    const running = await parts.add('program', () => startProgram(parts.aborted));
    crash(running);
    await eventually(() => expect(told[0]).toMatch(/SIGKILL/));
    await new Promise((resolve) => setTimeout(resolve, 450 + ms));
    await parts.stop();
    const gone = running.server.pid;
    await eventually(() => expect(access(`/proc/${gone}`)).rejects.toThrow('ENOENT'));
    expect(await serves()).toBe(false);
  });
});

describe('without a supervisor', () => {
  it('a death fails the stack, with how it ended and what it said last', async () => {
    const parts = new Parts({});
    await writeFile(join(folder, 'sick'), '');
    await parts.add('program', () => startProgram(parts.aborted));
    await expect(parts.failed).rejects.toThrow(
      /^program ended by itself with exit code 9\. Its last output:\nno more disk$/,
    );
    await parts.stop();
  });
});
