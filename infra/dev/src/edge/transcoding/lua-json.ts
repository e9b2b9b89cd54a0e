import { readNumber, readString, type Scan, scanOf } from './lua-json-scan.ts';

/** The text is none to Kong either; the message is what its library says. */
export class LuaJsonError extends Error {}

/** Deeper than this Kong refuses. */
const MAX_DEPTH = 1000;
const WHITESPACE = new Set([' ', '\t', '\n', '\r']);
/** What stands alone is named so in messages. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ':': 'T_COLON',
  ',': 'T_COMMA',
};
const WORDS: readonly [string, unknown][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** One token: a value, or the name of what is none. */
interface Token {
  readonly kind: 'value' | 'string' | 'other';
  readonly value?: unknown;
  /** As messages call it. */
  readonly name: string;
  readonly index: number;
}

/**
 * Reads JSON as lua-cjson does: numbers in any form of C, control characters in texts, and nothing after a NUL. Texts
 * are bytes to it; here they become UTF-8.
 *
 * @throws {LuaJsonError}
 */
export function parseLuaJson(bytes: Buffer): unknown {
  if (bytes.length >= 2 && (bytes[0] === 0 || bytes[1] === 0))
    throw new LuaJsonError('JSON parser does not support UTF-16 or UTF-32');
  const reader = new Reader(bytes);
  const value = reader.value(reader.next());
  const end = reader.next();
  if (end.name !== 'T_END') throw unexpected('the end', end);
  return value;
}

class Reader {
  readonly #scan: Scan;
  #depth = 0;

  constructor(bytes: Buffer) {
    this.#scan = scanOf(bytes);
  }

  value(token: Token): unknown {
    if (token.kind !== 'other') return token.value;
    if (token.name === 'T_OBJ_BEGIN') return this.#nested(() => this.#object());
    if (token.name === 'T_ARR_BEGIN') return this.#nested(() => this.#array());
    throw unexpected('value', token);
  }

  next(): Token {
    const { text } = this.#scan;
    while (WHITESPACE.has(text[this.#scan.at] ?? '')) this.#scan.at += 1;
    const index = this.#scan.at;
    const char = text[index] ?? '\0';
    if (char === '\0') return { kind: 'other', name: 'T_END', index };
    const name = PUNCTUATION[char];
    if (name === undefined) return this.#scalar(char, index);
    this.#scan.at += 1;
    return { kind: 'other', name, index };
  }

  #scalar(char: string, index: number): Token {
    if (char === '"') {
      const read = readString(this.#scan);
      if ('error' in read) return { kind: 'other', name: read.error, index: this.#scan.at };
      return { kind: 'string', name: 'T_STRING', value: read.text, index };
    }
    for (const [word, value] of WORDS) {
      if (!this.#scan.text.startsWith(word, index)) continue;
      this.#scan.at += word.length;
      return { kind: 'value', name: value === null ? 'T_NULL' : 'T_BOOLEAN', value, index };
    }
    const value = readNumber(this.#scan);
    if (value !== undefined) return { kind: 'value', name: 'T_NUMBER', value, index };
    return { kind: 'other', name: '+-'.includes(char) ? 'invalid number' : 'invalid token', index };
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw new LuaJsonError(
        `Found too many nested data structures (${this.#depth}) at character ${this.#scan.at}`,
      );
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Record<string, unknown> {
    // A prototype would make a key of some name mean something else.
    const object: Record<string, unknown> = Object.create(null);
    let token = this.next();
    if (token.name === 'T_OBJ_END') return object;
    for (;;) {
      if (token.kind !== 'string') throw unexpected('object key string', token);
      const key = String(token.value);
      token = this.next();
      if (token.name !== 'T_COLON') throw unexpected('colon', token);
      object[key] = this.value(this.next());
      token = this.next();
      if (token.name === 'T_OBJ_END') return object;
      if (token.name !== 'T_COMMA') throw unexpected('comma or object end', token);
      token = this.next();
    }
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    let token = this.next();
    if (token.name === 'T_ARR_END') return array;
    for (;;) {
      array.push(this.value(token));
      token = this.next();
      if (token.name === 'T_ARR_END') return array;
      if (token.name !== 'T_COMMA') throw unexpected('comma or array end', token);
      token = this.next();
    }
  }
}

function unexpected(expected: string, { name, index }: Token): LuaJsonError {
  return new LuaJsonError(`Expected ${expected} but found ${name} at character ${index + 1}`);
}
