import type { DescEnum } from '@bufbuild/protobuf';

/** The stable reasons that enums of the contracts list, without the prefix and the unspecified value. */
export function reasonsOf(...enums: readonly DescEnum[]): ReadonlySet<string> {
  return new Set(
    enums.flatMap(({ values, sharedPrefix = '' }) =>
      values.filter(({ number }) => number !== 0).map(({ name }) => name.slice(sharedPrefix.length)),
    ),
  );
}
