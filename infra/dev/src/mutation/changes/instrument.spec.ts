import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instrument } from './instrument.ts';

describe('the mutants of a source', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'instrument-'));
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  it('are conditions, bounds and operators', async () => {
    expect(await changesOf('const a = (b, c) => { if (b < c && c) return b; };')).toEqual([
      'ConditionalExpression: b < c && c -> true',
      'ConditionalExpression: b < c && c -> false',
      'LogicalOperator: b < c && c -> b < c || c',
      'ConditionalExpression: b < c -> true',
      'EqualityOperator: b < c -> b <= c',
    ]);
  });

  it('are calls whose result nobody wants, and blocks that no condition guards', async () => {
    expect(await changesOf('function f() { try { g(); } finally { h(); } }')).toEqual([
      'BlockStatement: { try { g(); } finally { h(); } } -> {}',
      'BlockStatement: { g(); } -> {}',
      'CallRemoval: g(); -> ;',
      'BlockStatement: { h(); } -> {}',
      'CallRemoval: h(); -> ;',
    ]);
    expect(await changesOf('function f() { return { a }; }')).toEqual([]);
  });

  it('are limits, ten times as much and a tenth', async () => {
    expect(await changesOf('const DIA = 24 * 60 * 60;\nconst LIMITE = 5;\nconst UM = 1;')).toEqual([
      'NumericLimit: 24 -> 240',
      'NumericLimit: 24 -> 2',
      'NumericLimit: 5 -> 50',
    ]);
  });

  it('name the line of a long statement that changes', async () => {
    const { mutants } = await instrumented('const SQL = `\n  select id from t\n  where id = $1`;');
    expect(mutants).toMatchObject([
      { line: 3, lineText: 'where id = $1`;', change: 'id = $1 -> (id = $1 or true)' },
    ]);
  });

  it('are not in what is logged or counted', async () => {
    expect(
      await changesOf('deps.logger.warn({ lento: ms > 10 }); const c = new Counter({ name, max: 10 });'),
    ).toEqual([]);
  });

  async function changesOf(source: string): Promise<string[]> {
    return (await instrumented(source)).mutants.map(({ mutator, change }) => `${mutator}: ${change}`);
  }

  async function instrumented(source: string) {
    await writeFile(join(root, 'fonte.ts'), source);
    return instrument(root, ['fonte.ts']);
  }
});
