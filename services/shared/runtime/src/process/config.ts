/** The environment as the process got it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One variable: its name, and how its text becomes a value. */
export interface Field<T> {
  readonly name: string;
  readonly optional: boolean;
  readonly fallback: T | undefined;
  /** @throws Error whose message says what is wrong with the text, without repeating it. */
  parse(text: string): T;
}

interface FieldOptions<T> {
  readonly default?: T;
}

/** The configuration is not usable; the message lists every problem at once, one a line. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function field<T>(name: string, parse: (text: string) => T, options: FieldOptions<T>): Field<T> {
  return { name, parse, optional: false, fallback: options.default };
}

/** Any text that is not empty. */
export const text = (name: string, options: FieldOptions<string> = {}): Field<string> =>
  field(name, (value) => value, options);

/** A text that is never printed; at least `minLength` characters (default 16). */
export const secret = (
  name: string,
  options: FieldOptions<string> & { minLength?: number } = {},
): Field<string> =>
  field(
    name,
    (value) => {
      const minLength = options.minLength ?? 16;
      if (value.length < minLength) throw new Error(`needs at least ${minLength} characters`);
      return value;
    },
    options,
  );

/** A whole number within `min` and `max` (default 0 to 2^31 - 1). */
export const integer = (
  name: string,
  options: FieldOptions<number> & { min?: number; max?: number } = {},
): Field<number> =>
  field(
    name,
    (value) => {
      const { min = 0, max = 2 ** 31 - 1 } = options;
      const number = Number(value);
      if (!/^-?\d+$/.test(value) || number < min || number > max)
        throw new Error(`needs a whole number from ${min} to ${max}`);
      return number;
    },
    options,
  );

/** An absolute URL of one of the schemes, kept as text. It may carry a password. */
export const url = (
  name: string,
  schemes: readonly string[],
  options: FieldOptions<string> = {},
): Field<string> =>
  field(
    name,
    (value) => {
      const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
      if (!schemes.includes(scheme))
        throw new Error(`needs a URL that starts with ${schemes.join(':// or ')}://`);
      return value;
    },
    options,
  );

/** At least one {@link url}, separated by commas. */
export const urls = (name: string, schemes: readonly string[]): Field<readonly string[]> => {
  const one = url(name, schemes);
  return field(name, (value) => value.split(',').map((item) => one.parse(item.trim())), {});
};

/** `true` or `false`. */
export const flag = (name: string, options: FieldOptions<boolean> = {}): Field<boolean> =>
  field(
    name,
    (value) => {
      if (value !== 'true' && value !== 'false') throw new Error('needs true or false');
      return value === 'true';
    },
    options,
  );

/** Texts separated by commas; blanks around them are dropped. */
export const list = (name: string, options: FieldOptions<readonly string[]> = {}): Field<readonly string[]> =>
  field(
    name,
    (value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    options,
  );

/** One of the given words. */
export const oneOf = <const T extends string>(
  name: string,
  words: readonly T[],
  options: FieldOptions<T> = {},
): Field<T> =>
  field(
    name,
    (value) => {
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) throw new Error(`needs one of ${words.join(', ')}`);
      return word;
    },
    options,
  );

/** Bytes written in hexadecimal, at least `minBytes` (default 16). Never printed. */
export const hexKey = (
  name: string,
  options: FieldOptions<Buffer> & { minBytes?: number } = {},
): Field<Buffer> => field(name, (value) => hexBytes(value, options.minBytes ?? 16), options);

/** At least one {@link hexKey}, separated by commas: the newest first, then those that are still taken. */
export const hexKeys = (name: string, { minBytes = 16 }: { minBytes?: number } = {}): Field<Buffer[]> =>
  field(name, (value) => value.split(',').map((key) => hexBytes(key.trim(), minBytes)), {});

function hexBytes(value: string, minBytes: number): Buffer {
  if (!/^([0-9a-f]{2})+$/i.test(value) || value.length / 2 < minBytes)
    throw new Error(`needs at least ${minBytes} bytes in hexadecimal`);
  return Buffer.from(value, 'hex');
}

/** The same field, which may be missing. */
export const optional = <T>(inner: Field<T>): Field<T | undefined> => ({ ...inner, optional: true });

/** The fields that a configuration is read from. */
export type FieldsOf<C extends object> = { readonly [K in keyof C]: Field<C[K]> };

/** What {@link loadConfig} makes of a set of fields. */
export type ConfigOf<F extends Record<string, Field<unknown>>> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/**
 * Reads the fields from the environment. An empty variable counts as missing.
 *
 * @throws ConfigError with every missing or malformed variable, not only the first. Values are never repeated in it.
 */
export function loadConfig<C extends object>(env: Env, fields: FieldsOf<C>): C {
  const problems: string[] = [];
  const entries = Object.entries<Field<unknown>>(fields).map(([key, spec]) => [
    key,
    read(env, spec, problems),
  ]);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(entries) as C;
}

function read(env: Env, spec: Field<unknown>, problems: string[]): unknown {
  const raw = env[spec.name]?.trim();
  if (raw === undefined || raw === '') {
    if (spec.fallback === undefined && !spec.optional) problems.push(`${spec.name} is missing`);
    return spec.fallback;
  }
  try {
    return spec.parse(raw);
  } catch (error) {
    problems.push(`${spec.name} ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
