import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mutate } from './command.ts';
import { readPackage } from './sources/packages.ts';
import type { Accepted } from './verdicts/gate.ts';

const FOLDER = 'pacote';

// Its three mutants: the condition as true, as false, and with the bound moved.
const LIMITE =
  'export const cabe = (pessoas: number, lugares: number) => {\n  return pessoas <= lugares;\n};\n';
const SPEC = `import { expect, it } from '@jest/globals';
import { cabe } from './limite.ts';

it('has room for some', () => {
  expect(cabe(1, 2)).toBe(true);
  expect(cabe(3, 2)).toBe(false);
});
`;
const BOUND = "\nit('has room for as many as there are seats', () => expect(cabe(2, 2)).toBe(true));\n";

const SURVIVOR: Accepted = {
  file: 'pacote/src/limite.ts',
  line: 'return pessoas <= lugares;',
  mutator: 'EqualityOperator',
  change: 'pessoas <= lugares -> pessoas < lugares',
  reason: 'Said here only to see it accepted.',
};

describe('the mutation command on a package whose specs miss a bound', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mutation-'));
    await mkdir(join(root, FOLDER, 'src'), { recursive: true });
    await write('limite.ts', LIMITE);
    await write('limite.spec.ts', SPEC);
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  it('takes any part of a minute, as where several packages share the time', async () => {
    expect((await run([], { minutes: 5 + 1 / 7 })).said).toContain('of 3 mutants noticed');
  });

  it('fails and names the survivor', async () => {
    const { code, said } = await run([]);
    expect(said).toContain('2 of 3 mutants noticed: 66.7 %');
    expect(said).toContain(
      'pacote/src/limite.ts:2 EqualityOperator\n  in  return pessoas <= lugares;\n  as  pessoas <= lugares -> pessoas < lugares',
    );
    expect(said).toContain('1 survivors are not in the list');
    expect(code).toBe(1);
  });

  it('knows the verdicts of the run before and lets a listed survivor live, above the least score', async () => {
    const { code, said } = await run([SURVIVOR], { leastScore: 60 });
    expect(said).toContain('3 known from earlier runs');
    expect(said).not.toContain('not in the list');
    expect(code).toBe(0);
  });

  it('fails below the least score, listed or not', async () => {
    expect((await run([SURVIVOR])).code).toBe(1);
  });

  it('fails for a listed survivor whose line is gone', async () => {
    const gone = { ...SURVIVOR, line: 'return pessoas < lugares;' };
    const { code, said } = await run([SURVIVOR, gone], { leastScore: 60 });
    expect(said).toContain(
      'stale in the list, no such mutant: pacote/src/limite.ts: return pessoas < lugares;',
    );
    expect(code).toBe(1);
  });

  it('passes when a spec notices it, and tells what may leave the list', async () => {
    await write('limite.spec.ts', SPEC + BOUND);
    const { code, said } = await run([SURVIVOR]);
    expect(said).toContain('3 of 3 mutants noticed: 100.0 %');
    expect(said).not.toContain('LOST');
    expect(said).toContain('noticed by now, strike it off the list: pacote/src/limite.ts');
    expect(code).toBe(0);
  });

  it('fails when the time was over before a package was judged, and names it', async () => {
    const other = 'outro';
    await mkdir(join(root, other, 'src'), { recursive: true });
    await writeFile(join(root, other, 'src', 'limite.ts'), LIMITE);
    await writeFile(join(root, other, 'src', 'limite.spec.ts'), SPEC);
    const { code, said } = await run([], { minutes: 1e-6 }, [FOLDER, other]);
    expect(said).toContain('3 of 3 mutants noticed: 100.0 %');
    expect(said).toContain('outro: the time was over before any mutant was judged: give it more --minutes');
    expect(said).not.toContain('pacote: the time');
    expect(code).toBe(1);
  });

  it('counts nothing as noticed that fails without a mutant, too', async () => {
    await write('limite.spec.ts', SPEC.replace('toBe(true)', 'toBe(false)'));
    const { code, said } = await run([]);
    expect(said).toContain('fails without a mutant and tells nothing: has room for some');
    expect(said.match(/^LOST: 1 of 1 tests fail without a mutant: .*$/gm)).toHaveLength(2);
    const lost = join('.plataforma', 'mutation', FOLDER, 'lost-tests.txt');
    expect(said).toContain(`; see ${lost}`);
    expect(await readFile(join(root, lost), 'utf8')).toMatch(
      /^pacote\/src\/limite\.spec\.ts: has room for some\nError: expect\(received\)\.toBe\(expected\)/,
    );
    expect(said).toContain('0 of 3 mutants noticed');
    expect(code).toBe(1);
  });

  function write(name: string, text: string): Promise<void> {
    return writeFile(join(root, FOLDER, 'src', name), text);
  }

  async function run(
    accepted: readonly Accepted[],
    options: { leastScore?: number; minutes?: number } = {},
    folders = [FOLDER],
  ) {
    const list = join(root, 'accepted.json');
    await writeFile(list, JSON.stringify(accepted));
    const tasks = folders.map((name) => {
      const own = readPackage(root, name);
      return { name, own, files: new Set(own.sources) };
    });
    const lines: string[] = [];
    const code = await mutate({
      root,
      tasks,
      sample: Number.POSITIVE_INFINITY,
      seed: '1',
      minutes: 5,
      concurrency: 1,
      accepted: list,
      say: (line) => lines.push(line),
      ...options,
    });
    return { code, said: lines.join('\n') };
  }
});
