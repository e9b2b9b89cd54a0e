/**
 * Kong's JSON passes through Lua: numbers are doubles printed with `%.14g`, strings are bytes.
 * JSON text is built here with one character per byte (latin1), so that bytes travel unchanged.
 */

/** Prints a number as cjson does (`%.14g`, ties to even). NaN and infinities cannot be encoded. */
export function luaNumberToJson(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e14) return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) throw new RangeError('Cannot serialise number: must not be NaN or Inf');
  const { digits, exponent } = roundToFourteenDigits(Math.abs(value));
  const sign = value < 0 ? '-' : '';
  if (exponent < -4 || exponent >= 14) return sign + scientific(digits, exponent);
  return sign + positional(digits, exponent);
}

function roundToFourteenDigits(value: number): { digits: string; exponent: number } {
  const rounded = value.toExponential(13);
  const exact = value.toExponential(40);
  // JavaScript rounds a tie up, C rounds it to the even digit.
  const isTie = /^\d\.\d{13}50{26}e/.test(exact);
  const truncated = exact.slice(0, 15);
  const keepsEven = isTie && Number(truncated.at(-1)) % 2 === 0;
  const mantissa = keepsEven ? truncated : rounded.slice(0, 15);
  const exponent = Number((keepsEven ? exact : rounded).split('e')[1]);
  return { digits: mantissa.replace('.', '').replace(/0+$/, '') || '0', exponent };
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const magnitude = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

const SHORT_ESCAPES: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** `Cc` also holds 0x80 to 0x9f, which here are bytes of longer characters: escapeChar lets them pass. */
const NEEDS_ESCAPE = /["\\\p{Cc}]/gu;

/** Quotes a byte string (latin1) as Kong's cjson does: `/` stays as it is, bytes above 0x7f pass unchanged. */
export function luaStringToJson(bytes: string): string {
  return `"${bytes.replace(NEEDS_ESCAPE, escapeChar)}"`;
}

function escapeChar(char: string): string {
  if (char > '\u007f') return char;
  return SHORT_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The largest double that passes as an int64: one more than fits, and so the lowest of all. */
const INT64_LIMIT = 2 ** 63;

/**
 * Reads an integer the way lua-protobuf reads a Lua value: numbers are truncated, numeric strings
 * ("12", "1e3", "0x10") go through a double, `#`-prefixed digits are exact, "" is 0.
 * `undefined` when the value is no integer or does not fit 64 bits.
 */
export function toLuaInteger(value: unknown): bigint | undefined {
  const number = toLuaNumber(value);
  if (number !== undefined) return fitInt64(number);
  return typeof value === 'string' ? exactInteger(value) : undefined;
}

/** A JSON number, or a string that Lua's `tonumber` accepts. */
export function toLuaNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word) return infinite(word);
  if (/^[+-]?0x[0-9a-f]+$/i.test(text)) return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function fitInt64(number: number): bigint | undefined {
  if (!Number.isFinite(number)) return undefined;
  return Math.abs(number) > INT64_LIMIT ? undefined : BigInt.asIntN(64, BigInt(Math.trunc(number)));
}

function exactInteger(text: string): bigint | undefined {
  const match = /^([#+-]*)(0x[0-9a-f]+|\d*)$/i.exec(text);
  if (!match) return undefined;
  const magnitude = BigInt(match[2] || '0');
  const minuses = (match[1] ?? '').replaceAll(/[^-]/g, '').length;
  return BigInt.asIntN(64, minuses % 2 === 1 ? -magnitude : magnitude);
}

/** Lua reads these words in texts, in any case. */
function infinite([, sign, word]: RegExpExecArray): number {
  if (word?.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? -Infinity : Infinity;
}
