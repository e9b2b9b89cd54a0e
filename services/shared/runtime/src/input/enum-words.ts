import type { DescEnum } from '@bufbuild/protobuf';

const known = new WeakMap<DescEnum, ReadonlyMap<string, number>>();

/** The values of an enum by the words of REST: their names without the prefix that all of them share. */
export function enumWords(desc: DescEnum): ReadonlyMap<string, number> {
  const words = known.get(desc) ?? wordsOf(desc);
  known.set(desc, words);
  return words;
}

function wordsOf({ values, sharedPrefix = '' }: DescEnum): ReadonlyMap<string, number> {
  return new Map(values.map(({ name, number }) => [name.slice(sharedPrefix.length), number]));
}
