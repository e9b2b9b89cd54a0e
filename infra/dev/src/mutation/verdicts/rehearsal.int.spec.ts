import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpecProcess, type Specs } from '../running/spec-process.ts';
import { rehearse } from './rehearsal.ts';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

const CLOCK = `import timers from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

beforeEach(() => jest.useFakeTimers({ now: 1_000 }));
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it('sees the clock that it has set', async () => {
  const late = jest.fn();
  setTimeout(late, 60_000);
  await jest.advanceTimersByTimeAsync(59_999);
  expect(late).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(late).toHaveBeenCalled();
  expect([Date.now(), jest.getTimerCount()]).toEqual([61_000, 0]);
});

it("leaves Node's own time as it is", async () => {
  await timers.setTimeout(1);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(Date.now()).toBe(1_000);
});
`;
const SPIES = `import { expect, it, jest } from '@jest/globals';

it('forgets to end what it began', () => {
  jest.useFakeTimers({ now: 1_000 });
  jest.spyOn(Math, 'random').mockReturnValue(7);
  expect(Math.random()).toBe(7);
});
`;
const AFTER_SPIES = `import { expect, it } from '@jest/globals';

it('begins afresh', () => {
  expect(Math.random()).toBeLessThan(1);
  expect(Date.now()).toBeGreaterThan(1_000_000);
});
`;
const LEAVES_TRACES = `import { expect, it } from '@jest/globals';

it('passes', () => expect((globalThis.traces ??= [])).toEqual([]));
it('leaves traces', () => expect(globalThis.traces.push('mud')).toBe(1));
`;
const WANTS_IT_CLEAN = `import { expect, it } from '@jest/globals';

it('wants it clean', () => expect(globalThis.traces).toBeUndefined());
`;
const ASSERTS_NOTHING = `import { expect, it } from '@jest/globals';

it('has an empty loop', () => {
  for (const one of []) expect(one).toBe(1);
});
it('has something in it', () => expect(1).toBe(1));
`;
const REJECTIONS = `import { expect, it } from '@jest/globals';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

it('waits for a rejection later', async () => {
  const call = Promise.reject(new Error('refused'));
  await turn();
  await expect(call).rejects.toThrow('refused');
});
it('never waits for a rejection', async () => {
  Promise.reject(new Error('nobody'));
  await turn();
  expect(1).toBe(1);
});
`;

describe('the rehearsal', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rehearsal-'));
    await mkdir(join(root, 'work'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('keeps tests that set the clock, and ends what they forget to end', async () => {
    const { runs, tries } = await rehearsalOf({
      'a.spec.ts': CLOCK,
      'b.spec.ts': SPIES,
      'c.spec.ts': AFTER_SPIES,
    });
    expect(runs).toMatchObject([
      { tests: [{}, {}], broken: [] },
      { tests: [{}], broken: [] },
      { tests: [{}], broken: [] },
    ]);
    expect(tries).toBe(3);
  });

  it('offers all of jest that the specs of the project use', async () => {
    const used = new Set(
      globSync('{services,infra/dev/src}/**/*.spec.ts', { cwd: ROOT, exclude: ['**/node_modules'] })
        .filter((file) => !/\.(e2e|pact|proof)\.spec\.ts$/.test(file))
        .flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bjest\.(\w+)\(/g)])
        .map(([, name]) => name),
    );
    expect(used.size).toBeGreaterThan(5);
    const names = `import { expect, it, jest } from '@jest/globals';
it('offers', () => expect(Object.keys(jest)).toEqual(expect.arrayContaining(${JSON.stringify([...used])})));`;
    expect((await rehearsalOf({ 'a.spec.ts': names })).runs).toMatchObject([{ broken: [] }]);
  });

  it('keeps a test that fails only beside what ran before it', async () => {
    const { runs, tries } = await rehearsalOf({ 'a.spec.ts': LEAVES_TRACES, 'b.spec.ts': WANTS_IT_CLEAN });
    expect(runs[1]).toMatchObject({ tests: [{ name: 'wants it clean' }], broken: [] });
    expect(tries).toBe(3);
  });

  it('loses a test for a rejection that nobody waits for, and for no other', async () => {
    const { runs } = await rehearsalOf({ 'a.spec.ts': REJECTIONS });
    expect(runs).toMatchObject([
      { tests: [{ name: 'waits for a rejection later' }], broken: [{ test: 'never waits for a rejection' }] },
    ]);
  });

  it('loses a test that asserts nothing, as jest does, and a file that cannot be loaded', async () => {
    const { runs } = await rehearsalOf({
      'a.spec.ts': ASSERTS_NOTHING,
      'b.spec.ts': 'throw new Error("no");',
    });
    expect(runs).toMatchObject([
      { tests: [{ name: 'has something in it' }], broken: [{ test: 'has an empty loop' }] },
      { tests: [], broken: [{ error: expect.stringContaining('no') }] },
    ]);
  });

  it('runs in all processes at once, and answers in the order of the files', async () => {
    const names = ['a.spec.ts', 'b.spec.ts', 'c.spec.ts'];
    for (const name of names) await writeFile(join(root, name), '');
    const bothRun = Promise.withResolvers<void>();
    let running = 0;
    const results = [{ name: 'passes', ms: 1, error: undefined }];
    const specs = (): Specs => ({
      run: async () => {
        running += 1;
        if (running === 2) bothRun.resolve();
        await bothRun.promise;
        return { results, perTest: {}, loading: [], ms: 1 };
      },
      stop: async () => {},
    });
    const own = { folder: '.', sources: [], specs: names, helpers: [] };
    const options = { root, work: join(root, 'work'), own, instrumented: { sources: {}, mutants: [] } };
    const { runs } = await rehearse(options, [specs(), specs()], () => undefined);
    expect(runs.map(({ file }) => file)).toEqual(names);
  });

  /** `tries`: how often files were run. */
  async function rehearsalOf(files: Readonly<Record<string, string>>) {
    const sources = join(root, 'sources.json');
    await writeFile(sources, '{}');
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
    const own = { folder: '.', sources: [], specs: Object.keys(files), helpers: [] };
    const instrumented = { sources: {}, mutants: [] };
    const specs = new SpecProcess(sources, process.env, new AbortController().signal);
    const run = jest.spyOn(specs, 'run');
    try {
      const options = { root, work: join(root, 'work'), own, instrumented };
      const { runs } = await rehearse(options, [specs], () => undefined);
      return { runs, tries: run.mock.calls.length };
    } finally {
      await specs.stop();
    }
  }
});
