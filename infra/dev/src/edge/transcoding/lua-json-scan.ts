/** Where a reader is in a text of one character per byte. */
export interface Scan {
  readonly text: string;
  at: number;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What C's `strtod` takes: hexadecimal, infinities and NaN besides decimals, with either sign. */
const NUMBER =
  /[+-]?(?:0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?\d+)?|infinity|inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;

/** A reader at the beginning of these bytes. */
export function scanOf(bytes: Buffer): Scan {
  return { text: bytes.toString('latin1'), at: 0 };
}

/** The number at this place, in any form that C reads but for a leading point; undefined for what is none. */
export function readNumber(scan: Scan): number | undefined {
  NUMBER.lastIndex = scan.at;
  const found = NUMBER.exec(scan.text)?.[0];
  if (found === undefined || found.startsWith('.')) return undefined;
  scan.at += found.length;
  return toNumber(found.toLowerCase());
}

function toNumber(found: string): number {
  const sign = found.startsWith('-') ? -1 : 1;
  const digits = found.replace(/^[+-]/, '');
  if (digits.startsWith('inf')) return sign * Infinity;
  if (digits === 'nan') return Number.NaN;
  return sign * (digits.startsWith('0x') ? hexadecimal(digits.slice(2)) : Number(digits));
}

function hexadecimal(digits: string): number {
  const [mantissa = '', exponent = '0'] = digits.split('p');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
}

/** The text in quotes at this place, or why it is none; then the place is that of the fault. */
export function readString(scan: Scan): { readonly text: string } | { readonly error: string } {
  const parts: string[] = [];
  scan.at += 1;
  for (;;) {
    const plain = plainRun(scan);
    parts.push(plain);
    const char = scan.text[scan.at];
    if (char === '"') break;
    if (char !== '\\') return { error: 'unexpected end of string' };
    const escaped = scan.text[scan.at + 1] ?? '';
    const text = escaped === 'u' ? unicodeEscape(scan) : shortEscape(scan, escaped);
    if (text === undefined)
      return { error: escaped === 'u' ? 'invalid unicode escape code' : 'invalid escape code' };
    parts.push(text);
  }
  scan.at += 1;
  return { text: Buffer.from(parts.join(''), 'latin1').toString('utf8') };
}

/** Everything up to a quote, an escape or the end, which a NUL is, too. */
function plainRun(scan: Scan): string {
  const start = scan.at;
  while (scan.at < scan.text.length && !'"\\\0'.includes(scan.text[scan.at] ?? '\0')) scan.at += 1;
  return scan.text.slice(start, scan.at);
}

function shortEscape(scan: Scan, escaped: string): string | undefined {
  const text = SHORT_ESCAPES[escaped];
  if (text !== undefined) scan.at += 2;
  return text;
}

/** The bytes of one character; two escapes make one when the first is the upper half of a pair. */
function unicodeEscape(scan: Scan): string | undefined {
  const [, high] = /^\\u([0-9a-f]{4})/i.exec(scan.text.slice(scan.at, scan.at + 6)) ?? [];
  if (high === undefined) return undefined;
  const code = Number.parseInt(high, 16);
  if ((code & 0xf800) !== 0xd800) return take(scan, 6, code);
  const [, low] = /^\\u(d[c-f][0-9a-f]{2})/i.exec(scan.text.slice(scan.at + 6, scan.at + 12)) ?? [];
  if (code >= 0xdc00 || low === undefined) return undefined;
  return take(scan, 12, 0x10000 + ((code & 0x3ff) << 10) + (Number.parseInt(low, 16) & 0x3ff));
}

function take(scan: Scan, length: number, code: number): string {
  scan.at += length;
  return Buffer.from(String.fromCodePoint(code)).toString('latin1');
}
