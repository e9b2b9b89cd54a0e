import { parse } from 'yaml';
import { configuration } from './entities.ts';
import { type Fields, isFields } from './shapes.ts';

/** The names that Kong wants only once in the whole file, by the kind of thing that has them. */
const UNIQUE = [
  ['services', 'name'],
  ['routes', 'name'],
  ['consumers', 'username'],
  ['jwt_secrets', 'key'],
] as const;

/** kong.yml as Kong reads it: YAML 1.1, in which `on`, `yes` and `0o17` are other things than in 1.2. */
export function parseKongYaml(text: string): unknown {
  return parse(text, { version: '1.1' });
}

/**
 * Why `kong config parse` of Kong 3.9 without a database would refuse a configuration, each reason with its place; none
 * when it would load. Stricter than Kong: deprecated fields are refused, and so are the entities, plugins, fields and
 * protocols that this project does not use, because their rules are not written here.
 */
export function kongRefusals(document: unknown): string[] {
  return [
    ...configuration(document, 'kong.yml'),
    ...UNIQUE.flatMap(([kind, key]) => repeated(document, kind, key)),
  ];
}

function repeated(document: unknown, kind: string, key: string): string[] {
  const values = entities(document, kind).flatMap((entity) => entity[key] ?? []);
  const twice = new Set(values.filter((value, index) => values.indexOf(value) < index));
  return [...twice].map(
    (value) =>
      `kong.yml: uniqueness violation: '${kind}' entity with ${key} set to '${value}' already declared`,
  );
}

/** Entities nest: routes in services, credentials in consumers. */
function entities(node: unknown, kind: string): Fields[] {
  if (!isFields(node)) return [];
  return Object.entries(node).flatMap(([name, children]) => {
    if (name.startsWith('_') || !Array.isArray(children)) return [];
    const own = name === kind ? children.filter(isFields) : [];
    return [...own, ...children.flatMap((child) => entities(child, kind))];
  });
}
