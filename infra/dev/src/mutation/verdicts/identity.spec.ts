import { describe, expect, it } from '@jest/globals';
import type { Mutant } from '../changes/instrument.ts';
import { identities, keyOf } from './identity.ts';

const mutant = (id: string, line: number, change = 'a -> b'): Mutant => ({
  ...{ id, line, change, file: 'a.ts', mutator: 'SqlGuard', lineText: 'const a = 1;' },
});

describe('the identity of a mutant', () => {
  it('is the same when its line has moved', () => {
    const [before, after] = [identities([mutant('0', 3)]), identities([mutant('7', 30)])];
    expect(before.get('0')).toEqual(after.get('7'));
  });

  it('counts changes that look the same', () => {
    const known = identities([mutant('0', 3), mutant('1', 3), mutant('2', 3, 'a -> c')]);
    expect([...known.values()].map(({ nth }) => nth)).toEqual([undefined, 2, undefined]);
    expect(new Set([...known.values()].map(keyOf)).size).toBe(3);
  });
});
