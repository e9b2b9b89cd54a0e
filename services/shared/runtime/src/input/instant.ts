import { WireType } from '@bufbuild/protobuf/wire';
import type { Timestamp } from '@bufbuild/protobuf/wkt';

/** A moment as `google.protobuf.Timestamp` counts it. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Longest text of that form: nanoseconds and an offset. */
export const INSTANT_MAX_CHARS = 35;

/** What a caller who sent something else is told, after the name of the field. */
export const INSTANT_FORM =
  'deve ser um instante que existe, em RFC 3339 e com fuso, como 2026-12-10T13:00:00Z ou 2026-12-10T10:00:00-03:00';

/** First second of year 1 and last second of year 9999, the range of protobuf's JSON form. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;

const NANOS_PER_MS = 1_000_000;

/**
 * Reads an RFC 3339 instant with a zone: `T` and `Z` in upper case, up to nine digits of a second. Undefined for
 * everything else, and for what no calendar or clock has: 30 February, 24:00, a second 60, a year before 1 or after 9999.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, fraction = '', sign, hours, minutes] = match;
  const wall = text.slice(0, 19);
  const local = new Date(`${wall}Z`);
  // Date reads 30 February as 2 March, and 24:00 as the next day.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(wall)) return undefined;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 3_600 + Number(minutes) * 60);
  const seconds = local.getTime() / 1_000 - offset;
  if (!isOnCalendar(seconds)) return undefined;
  return { seconds, nanos: Number(fraction.padEnd(9, '0')) };
}

/** Whether a message holds a moment of the years 1 to 9999. */
export function isInstant({ seconds, nanos }: Timestamp): boolean {
  return isOnCalendar(Number(seconds)) && nanos >= 0 && nanos <= 999_999_999;
}

function isOnCalendar(seconds: number): boolean {
  return seconds >= MIN_SECONDS && seconds <= MAX_SECONDS;
}

/**
 * Cuts an instant off at the millisecond, in which the platform counts. Left to the conversion into a Date, 09:59:59.9999
 * would be rounded up to 10:00.
 */
export function cutToMilliseconds(timestamp: Timestamp): void {
  timestamp.nanos -= timestamp.nanos % NANOS_PER_MS;
}

/**
 * Writes an instant over its text as a `google.protobuf.Timestamp`, at most 17 bytes; the shortest text has 20. What is
 * left becomes a field that no Timestamp has, which the decoder drops.
 */
export function overwriteInstant(text: Uint8Array, { seconds, nanos }: Instant): void {
  let at = 0;
  text[at++] = 0x08;
  at = writeVarint(text, at, BigInt.asUintN(64, BigInt(seconds)));
  text[at++] = 0x10;
  at = writeVarint(text, at, BigInt(nanos));
  text[at++] = (15 << 3) | WireType.LengthDelimited;
  text[at] = text.length - at - 1;
}

function writeVarint(bytes: Uint8Array, start: number, value: bigint): number {
  let at = start;
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes[at++] = Number(rest & 0x7fn) | 0x80;
  bytes[at++] = Number(rest);
  return at;
}
