import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Results } from './results.ts';

const KILLED = { status: 'killed', by: 'a.spec.ts' } as const;
const SURVIVED = { status: 'survived' } as const;

describe('a verdict of an earlier run', () => {
  let root: string;
  const open = () => new Results(join(root, 'work', 'results.jsonl'), root, ['a.spec.ts', 'b.spec.ts']);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'results-'));
    for (const name of ['a.ts', 'a.spec.ts', 'b.spec.ts']) await writeFile(join(root, name), name);
    open().add('m1', 'a.ts', KILLED);
    open().add('m2', 'a.ts', SURVIVED);
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('stands as long as nothing changes', () => {
    expect([open().find('m1', 'a.ts'), open().find('m2', 'a.ts')]).toEqual([KILLED, SURVIVED]);
    expect(open().find('m3', 'a.ts')).toBeUndefined();
  });

  it.each([
    ['the source', 'a.ts', undefined, undefined],
    ['the spec that noticed it', 'a.spec.ts', undefined, undefined],
    ['another spec, which could notice what none did', 'b.spec.ts', KILLED, undefined],
  ])('falls with %s', async (_what, file, killed, survived) => {
    await writeFile(join(root, file), 'outra coisa');
    expect([open().find('m1', 'a.ts'), open().find('m2', 'a.ts')]).toEqual([killed, survived]);
  });

  it('is read past a line that was cut short', async () => {
    await appendFile(join(root, 'work', 'results.jsonl'), '{"key":"m3","ba');
    expect(open().find('m1', 'a.ts')).toEqual(KILLED);
  });
});
