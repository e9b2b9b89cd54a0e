import { invalidParam, missingParam } from './api-error.ts';
import { emptyForm, type FormObject, type FormValue } from './form.ts';

const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY = 40;
const MAX_METADATA_VALUE = 500;

/** Typed reading of one level of a decoded form. Every failure is a Stripe-shaped 400 naming the parameter. */
export class Params {
  readonly #fields: FormObject;
  readonly #path: string;

  constructor(fields: FormObject, path = '') {
    this.#fields = fields;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  /** A plain value rather than a nested object. */
  isText(name: string): boolean {
    return typeof this.#fields[name] === 'string';
  }

  /** Refuses what the API does not know: a misspelt name must not pass in silence. */
  allowOnly(names: readonly string[]): void {
    const unknown = Object.keys(this.#fields).find((name) => !names.includes(name));
    if (unknown === undefined) return;
    const param = this.#name(unknown);
    const message = `Received unknown parameter: ${param} (not in the API, or not in its local stand-in)`;
    throw invalidParam(message, param, 'parameter_unknown');
  }

  /** Undefined when absent. An empty string is refused, as by Stripe on creation. */
  string(name: string, { max = 5000 } = {}): string | undefined {
    const value = this.#fields[name];
    const param = this.#name(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalidParam(`Invalid string: ${param}`, param);
    if (value === '') throw invalidParam(`Empty value for ${param}.`, param, 'parameter_invalid_empty');
    if (value.length > max) throw invalidParam(`${param} is longer than ${max} characters.`, param);
    return value;
  }

  requiredString(name: string, limits?: { max: number }): string {
    const value = this.string(name, limits);
    if (value === undefined) throw missingParam(this.#name(name));
    return value;
  }

  integer(name: string, { min = 0, max = 99_999_999 } = {}): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const param = this.#name(name);
    if (!/^-?\d{1,15}$/.test(text)) {
      throw invalidParam(`Invalid integer: ${text}`, param, 'parameter_invalid_integer');
    }
    const value = Number(text);
    if (value < min)
      throw invalidParam(`${param} must be at least ${min}.`, param, 'parameter_invalid_integer');
    if (value > max)
      throw invalidParam(`${param} must be at most ${max}.`, param, 'parameter_invalid_integer');
    return value;
  }

  requiredInteger(name: string, limits?: { min?: number; max?: number }): number {
    const value = this.integer(name, limits);
    if (value === undefined) throw missingParam(this.#name(name));
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.string(name);
    if (value === undefined || values.includes(value as T)) return value as T | undefined;
    const param = this.#name(name);
    throw invalidParam(`Invalid ${param}: must be one of ${values.join(', ')}`, param);
  }

  /** An absolute http(s) address. */
  url(name: string): string | undefined {
    const value = this.string(name);
    if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
    throw invalidParam('Not a valid URL', this.#name(name), 'url_invalid');
  }

  object(name: string): Params {
    const value = this.#fields[name] ?? emptyForm();
    if (typeof value === 'string') throw invalidParam('Invalid object', this.#name(name));
    return new Params(value, this.#name(name));
  }

  list(name: string): Params[] {
    return this.#items(name).map(([index, value]) => {
      const path = `${this.#name(name)}[${index}]`;
      if (typeof value === 'string') throw invalidParam('Invalid object', path);
      return new Params(value, path);
    });
  }

  strings(name: string): string[] {
    return this.#items(name).map(([, value]) => {
      if (typeof value !== 'string') throw invalidParam('Invalid string', this.#name(name));
      return value;
    });
  }

  /** Empty values remove a key, so on creation they are simply left out. */
  metadata(name = 'metadata'): Record<string, string> {
    const value = this.#fields[name];
    if (value === undefined || value === '') return {};
    if (typeof value === 'string') throw invalidParam('Invalid object', this.#name(name));
    const entries = Object.entries(value).filter(([, text]) => text !== '');
    const param = this.#name(name);
    if (entries.length > MAX_METADATA_KEYS) throw invalidParam(`${param}: more than 50 keys.`, param);
    for (const [key, text] of entries) checkMetadata(`${param}[${key}]`, key, text);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  #items(name: string): [string, FormValue][] {
    const value = this.#fields[name];
    if (value === undefined) return [];
    if (typeof value === 'string') throw invalidParam('Invalid array', this.#name(name));
    const indexes = Object.keys(value).sort((a, b) => Number(a) - Number(b));
    if (indexes.some((index) => !/^\d+$/.test(index))) throw invalidParam('Invalid array', this.#name(name));
    return indexes.map((index) => [index, value[index] as FormValue]);
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`;
  }
}

function checkMetadata(param: string, key: string, value: FormValue): void {
  if (typeof value !== 'string') throw invalidParam('Metadata values must be strings.', param);
  if (key.length > MAX_METADATA_KEY) throw invalidParam('Metadata keys have at most 40 characters.', param);
  if (value.length > MAX_METADATA_VALUE)
    throw invalidParam('Metadata values have at most 500 characters.', param);
}
