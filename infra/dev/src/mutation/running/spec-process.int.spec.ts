import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { SpecProcess } from './spec-process.ts';

const NEVER_ENDS = "import { it } from '@jest/globals';\nit('never ends', () => { for (;;); });\n";
const PASSES = "import { expect, it } from '@jest/globals';\nit('passes', () => expect(1).toBe(1));\n";
const LEAVES_A_FOLDER = `import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@jest/globals';
it('leaves a folder', () => { throw new Error(mkdtempSync(join(tmpdir(), 'deixada-'))); });
`;
const WORKER = new URL('./worker.ts', import.meta.url).pathname;

describe('the process that runs specs', () => {
  let folder: string;
  let sources: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spec-process-'));
    sources = join(folder, 'sources.json');
    await writeFile(sources, '{}');
    await writeFile(join(folder, 'eterno.spec.ts'), NEVER_ENDS);
    await writeFile(join(folder, 'breve.spec.ts'), PASSES);
    await writeFile(join(folder, 'deixa.spec.ts'), LEAVES_A_FOLDER);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is replaced by another when a spec never ends', async () => {
    const specs = new SpecProcess(sources, process.env, new AbortController().signal);
    try {
      const outcome = await specs.run({ file: join(folder, 'eterno.spec.ts') }, 1_000);
      expect(outcome).toEqual({ stuck: 'not over after 1 s' });
      const next = await specs.run({ file: join(folder, 'breve.spec.ts') }, 60_000);
      expect(next).toMatchObject({ results: [{ name: 'passes' }] });
    } finally {
      await specs.stop();
    }
  });

  it('leaves nothing of its specs among the temporary files', async () => {
    const specs = new SpecProcess(sources, process.env, new AbortController().signal);
    const outcome = await specs.run({ file: join(folder, 'deixa.spec.ts') }, 60_000);
    const left = /\S*deixada-\w+/.exec(JSON.stringify(outcome))?.[0] ?? '';
    expect(await readdir(left)).toEqual([]);
    await specs.stop();
    await expect(readdir(left)).rejects.toThrow('ENOENT');
  });

  it('gives no outcome once the run is called off', async () => {
    const specs = new SpecProcess(sources, process.env, AbortSignal.abort(new Error('chega')));
    await expect(specs.run({ file: join(folder, 'breve.spec.ts') }, 1_000)).rejects.toThrow('chega');
  });

  it('ends with the process that gives it orders, even in the midst of a spec that never ends', async () => {
    const script = `const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(WORKER)}, [${JSON.stringify(sources)}], { detached: true, execArgv: ['--conditions=source'] });
      child.once('message', () => child.send({ file: ${JSON.stringify(join(folder, 'eterno.spec.ts'))} }, () => console.log(child.pid)));`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill('SIGKILL');
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });
});
