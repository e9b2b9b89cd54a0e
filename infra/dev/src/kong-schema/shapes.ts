/** What a value does wrong, each as `where: why`; none when Kong takes it. */
export type Shape = (value: unknown, where: string) => string[];

/** Says why a value is refused, or nothing. */
type Rule<T> = (value: T) => string | undefined;

/** A look at several fields of a record at once; `at` is the field that the reason belongs to. */
export type EntityCheck = (record: Fields) => { at?: string; why: string } | undefined;

export type Fields = Readonly<Record<string, unknown>>;

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** Kong counts an empty list, or an empty text, as a field that was left out. */
function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isFields(value)) return Object.keys(value).length > 0;
  return isSet(value) && value !== '';
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Kong refuses the empty text everywhere, unless a field allows it. */
export function text(...rules: Rule<string>[]): Shape {
  return (value, where) => {
    if (typeof value !== 'string') return [`${where}: expected a string`];
    if (value === '') return [`${where}: length must be at least 1`];
    return broken(rules, value, where);
  };
}

export function oneOf<T>(...allowed: readonly T[]): Rule<T> {
  return (value) => (allowed.includes(value) ? undefined : `expected one of: ${allowed.join(', ')}`);
}

export function number(...rules: Rule<number>[]): Shape {
  return (value, where) =>
    typeof value === 'number' ? broken(rules, value, where) : [`${where}: expected a number`];
}

export function integer(...rules: Rule<number>[]): Shape {
  return (value, where) =>
    Number.isInteger(value) ? broken(rules, value as number, where) : [`${where}: expected an integer`];
}

export function between(low: number, high: number): Rule<number> {
  return (value) =>
    value >= low && value <= high ? undefined : `value should be between ${low} and ${high}`;
}

export function above(limit: number): Rule<number> {
  return (value) => (value > limit ? undefined : `value must be greater than ${limit}`);
}

export const flag: Shape = (value, where) =>
  typeof value === 'boolean' ? [] : [`${where}: expected a boolean`];

export const anything: Shape = () => [];

/** A field that another field forbids: Kong's message for the combination is `why`. */
export function mustBeUnset(why: string): Shape {
  return (_value, where) => [`${where}: ${why}`];
}

export function list(elements: Shape, ...rules: Rule<readonly unknown[]>[]): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) return [`${where}: expected an array`];
    const inside = value.flatMap((item, index) => elements(item, `${where}[${index}]`));
    return [...inside, ...broken(rules, value, where)];
  };
}

export function map(keys: Rule<string>, values: Shape): Shape {
  return (value, where) => {
    if (!isFields(value)) return [`${where}: expected a map`];
    return Object.entries(value).flatMap(([key, item]) => {
      const why = keys(key);
      return [...(why ? [`${where}: ${why}`] : []), ...values(item, `${where}.${key}`)];
    });
  };
}

/** Which fields a record may have; those of `required` have no default in Kong and must be given. */
export interface RecordRules {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly checks?: readonly EntityCheck[];
}

/** A field that no schema knows is an error in Kong, never ignored; `null` is the same as left out. */
export function record({ fields, required = [], checks = [] }: RecordRules): Shape {
  return (value, where) => {
    if (!isFields(value)) return [`${where}: expected a record`];
    const inside = Object.entries(value).flatMap(([name, item]) => {
      const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!shape) return [`${where}.${name}: unknown field`];
      return isSet(item) ? shape(item, `${where}.${name}`) : [];
    });
    const missing = required.filter((name) => !isSet(value[name]));
    const failed = checks.flatMap((check) => {
      const problem = check(value);
      return problem ? [`${problem.at ? `${where}.${problem.at}` : where}: ${problem.why}`] : [];
    });
    return [...inside, ...missing.map((name) => `${where}.${name}: required field missing`), ...failed];
  };
}

export function atLeastOneOf(names: readonly string[], why?: string): EntityCheck {
  return (fields) =>
    names.some((name) => isFilled(fields[name]))
      ? undefined
      : { why: why ?? `at least one of these fields must be non-empty: ${quoted(names)}` };
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function broken<T>(rules: readonly Rule<T>[], value: T, where: string): string[] {
  return rules.flatMap((rule) => rule(value) ?? []).map((why) => `${where}: ${why}`);
}
