import type { Mutant } from '../changes/instrument.ts';

/** What a mutant is known by when lines move: where it is by its text, and what is changed there. */
export interface Identity {
  readonly file: string;
  /** The whole line, without its indentation. */
  readonly line: string;
  readonly mutator: string;
  readonly change: string;
  /** Which one, from 2, when the same change can be made to the same line, or to a line of the same text, again. */
  readonly nth?: number;
}

/** By the id of each mutant; in the order of the source, so that the n-th stays the n-th. */
export function identities(mutants: readonly Mutant[]): Map<string, Identity> {
  const seen = new Map<string, number>();
  const known = new Map<string, Identity>();
  for (const { id, file, lineText: line, mutator, change } of mutants) {
    const identity = { file, line, mutator, change };
    const nth = (seen.get(keyOf(identity)) ?? 0) + 1;
    seen.set(keyOf(identity), nth);
    known.set(id, nth === 1 ? identity : { ...identity, nth });
  }
  return known;
}

export function keyOf({ file, line, mutator, change, nth = 1 }: Identity): string {
  return JSON.stringify([file, line, mutator, change, nth]);
}
