import { describe, expect, it } from '@jest/globals';
import { type Accepted, decide, type Judged, scoreOf } from './gate.ts';
import { keyOf } from './identity.ts';

const accepted = (line: string): Accepted => ({
  ...{ file: 'a.ts', mutator: 'SqlGuard', change: 'a -> b' },
  ...{ line, reason: 'It adds nothing.' },
});
const judged = (status: Judged['verdict']['status'], line = 'x'): Judged => {
  const { reason: _none, ...identity } = accepted(line);
  return { identity, place: 'a.ts:1', verdict: { status } };
};
const killed = (count: number) => Array.from({ length: count }, (_, n) => judged('killed', `k${n}`));

describe('the gate', () => {
  const files = new Set(['a.ts']);
  const gate = (all: readonly Judged[], list: readonly Accepted[], listed = true) =>
    decide(all, list, {
      existing: new Set(all.map(({ identity }) => keyOf(identity))),
      files,
      listed,
      unjudged: [],
    });

  it('passes when nothing survives', () => {
    expect(gate(killed(5), [])).toMatchObject({ passes: true, unlisted: [], stale: [] });
  });

  it.each(['survived', 'unreached'] as const)('fails for a mutant that is %s and not listed', (status) => {
    expect(gate([...killed(9), judged(status)], [])).toMatchObject({
      passes: false,
      unlisted: [judged(status)],
    });
  });

  it('fails for a package that was not judged, however good the others are', () => {
    const scope = { existing: new Set<string>(), files, listed: true };
    expect(decide(killed(5), [], { ...scope, unjudged: ['auth'] })).toMatchObject({
      passes: false,
      unjudged: ['auth'],
    });
    expect(decide([], [], { ...scope, unjudged: [] })).toMatchObject({ passes: true });
  });

  it('passes when all that survive are listed', () => {
    expect(gate([...killed(4), judged('survived')], [accepted('x')])).toMatchObject({ passes: true });
  });

  it('fails below 80 %, whatever is listed', () => {
    expect(gate([...killed(79), ...survivors(21)], listOf(21))).toMatchObject({ passes: false });
    expect(gate([...killed(80), ...survivors(20)], listOf(20))).toMatchObject({ passes: true });
  });

  it('fails for an entry of a judged file that no mutant matches', () => {
    expect(gate(killed(5), [accepted('gone')])).toMatchObject({ passes: false, stale: [accepted('gone')] });
    expect(gate(killed(5), [{ ...accepted('gone'), file: 'b.ts' }])).toMatchObject({
      passes: true,
      stale: [],
    });
  });

  it('tells of an entry that a spec notices by now', () => {
    expect(gate(killed(5), [accepted('k2')])).toMatchObject({ passes: true, noticed: [accepted('k2')] });
  });

  it('asks a sample for its score alone', () => {
    expect(gate([...killed(9), judged('survived')], [accepted('gone')], false)).toMatchObject({
      passes: true,
    });
  });

  const survivors = (count: number) => Array.from({ length: count }, (_, n) => judged('survived', `s${n}`));
  const listOf = (count: number) => Array.from({ length: count }, (_, n) => accepted(`s${n}`));
});

describe('the score', () => {
  it('comes with the interval of all mutants that a sample speaks for', () => {
    const { percent, from, to } = scoreOf([
      ...killed(80),
      ...Array.from({ length: 20 }, () => judged('survived')),
    ]);
    expect(percent).toBe(80);
    expect([from, to].map(Math.round)).toEqual([71, 87]);
  });

  it('is whole for nothing', () => {
    expect(scoreOf([])).toMatchObject({ percent: 100, from: 0, to: 100 });
  });
});
