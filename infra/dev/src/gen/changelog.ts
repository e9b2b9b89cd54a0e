import type { AnyDesc, DescMessage, DescMethod, FileRegistry } from '@bufbuild/protobuf';

/** What has become of the contracts since a release, in the words of who uses them. */
export interface Changes {
  readonly added: readonly string[];
  readonly deprecated: readonly string[];
  readonly removed: readonly string[];
}

/** An element of the contracts, and whether it is deprecated. */
type Elements = ReadonlyMap<string, boolean>;

/** Compares two states of the contracts; parts of something that is new or gone are not named one by one. */
export function changesBetween(before: FileRegistry, after: FileRegistry): Changes {
  const [old, now] = [elementsOf(before), elementsOf(after)];
  const added = [...now.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const deprecated = [...now].filter(([name, is]) => is && old.get(name) !== true).map(([name]) => name);
  return {
    added: withoutParts(added),
    deprecated: deprecated.sort(),
    removed: withoutParts(removed),
  };
}

/** The changes as a section of a changelog. */
export function changelog(title: string, changes: Changes): string {
  const sections = [
    ['Added', changes.added],
    ['Deprecated', changes.deprecated],
    ['Removed', changes.removed],
  ] as const;
  const told = sections.filter(([, names]) => names.length > 0);
  const parts = told.map(
    ([name, names]) => `### ${name}\n\n${names.map((one) => `- \`${one}\``).join('\n')}`,
  );
  return [`## ${title}`, ...(parts.length > 0 ? parts : ['Nothing has changed.'])].join('\n\n');
}

/** Of the platform alone: what it shares with others is theirs. */
function elementsOf(registry: FileRegistry): Elements {
  const elements = new Map<string, boolean>();
  for (const type of registry) {
    if (/^(google|buf|grpc)\./.test(type.typeName)) continue;
    elements.set(type.typeName, isDeprecated(type));
    if (type.kind === 'service')
      for (const rpc of type.methods) elements.set(`${type.typeName}/${rpc.name}`, isDeprecated(rpc));
    if (type.kind === 'message')
      for (const field of type.fields) elements.set(`${type.typeName}.${field.name}`, isDeprecated(field));
    if (type.kind === 'enum')
      for (const value of type.values) elements.set(`${type.typeName}.${value.name}`, isDeprecated(value));
  }
  return elements;
}

function isDeprecated(element: Exclude<AnyDesc, { kind: 'file' }> | DescMessage | DescMethod): boolean {
  return element.deprecated;
}

function withoutParts(names: readonly string[]): string[] {
  const all = new Set(names);
  return names.filter((name) => !all.has(name.slice(0, name.search(/[./][^./]*$/)))).sort();
}
