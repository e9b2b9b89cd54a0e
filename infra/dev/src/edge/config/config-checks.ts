/** kong.yml holds something that this edge does not implement: it must not be ignored in silence. */
export class EdgeConfigError extends Error {}

export type Settings = Record<string, unknown>;

/** The value as an object. */
export function asSettings(value: unknown, where: string): Settings {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  throw new EdgeConfigError(`${where}: expected an object`);
}

/** The value as a list; absent means empty. */
export function asList(value: unknown, where: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new EdgeConfigError(`${where}: expected a list`);
}

/** The value as a list of strings; absent means empty. */
export function asStrings(value: unknown, where: string): string[] {
  return asList(value, where).map((item) => asString(item, where));
}

/** The value as a non-empty string. */
export function asString(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new EdgeConfigError(`${where}: expected a text`);
}

/** The value as a whole number from 0 up, or the default when absent. */
export function asInteger(value: unknown, where: string, fallback?: number): number {
  const given = value ?? fallback;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0) return given;
  throw new EdgeConfigError(`${where}: expected a whole number`);
}

/** The value as true or false, or the default when absent. */
export function asBoolean(value: unknown, where: string, fallback: boolean): boolean {
  const given = value ?? fallback;
  if (typeof given === 'boolean') return given;
  throw new EdgeConfigError(`${where}: expected true or false`);
}

/** Refuses keys that the edge would otherwise skip. */
export function onlyKeys(settings: Settings, known: readonly string[], where: string): void {
  const unknown = Object.keys(settings).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new EdgeConfigError(
      `${where}: the edge does not implement ${unknown.map((key) => `"${key}"`).join(', ')}`,
    );
  }
}

/** Refuses a setting whose value is not one of those implemented. */
export function onlyValue(settings: Settings, key: string, allowed: readonly unknown[], where: string): void {
  const value = settings[key];
  if (value === undefined || allowed.includes(value)) return;
  throw new EdgeConfigError(`${where}: "${key}: ${String(value)}" is not implemented by the edge`);
}
