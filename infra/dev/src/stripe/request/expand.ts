import { invalidParam } from './api-error.ts';

/** Finds the object that an id stands for, or the embedded list that `field` of `owner` can show. */
export interface ExpandSource {
  byId(id: string): object | undefined;
  embedded(owner: Record<string, unknown>, field: string): object | undefined;
}

const MAX_DEPTH = 4;

/** Replaces ids by their objects along each path (`latest_charge`, `data.payment_intent`), on copies. */
export function expanded<T extends object>(object: T, paths: readonly string[], source: ExpandSource): T {
  return paths.reduce<object>((node, path) => expandPath(node, keysOf(path), path, source), object) as T;
}

function keysOf(path: string): string[] {
  const keys = path.split('.');
  if (keys.length > MAX_DEPTH)
    throw invalidParam(`Cannot expand more than ${MAX_DEPTH} levels (${path}).`, 'expand');
  return keys;
}

function expandPath(node: object, keys: string[], path: string, source: ExpandSource): object {
  const [key, ...rest] = keys;
  if (key === undefined) return node;
  const fields = node as Record<string, unknown>;
  const value = fields[key] === undefined ? source.embedded(fields, key) : fields[key];
  if (value === undefined) throw notExpandable(path);
  if (value === null) return node;
  if (Array.isArray(value)) {
    return { ...node, [key]: value.map((item: object) => expandPath(item, rest, path, source)) };
  }
  const child = typeof value === 'string' ? source.byId(value) : value;
  if (typeof child !== 'object' || child === null) throw notExpandable(path);
  return { ...node, [key]: expandPath(child, rest, path, source) };
}

function notExpandable(path: string): Error {
  return invalidParam(`This property cannot be expanded (${path}).`, 'expand');
}
