/** Seconds and nanoseconds of a `google.protobuf.Timestamp`. */
interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:(?:[T ]|(?<=^\d{8}))(\d{2})(?::?(\d{2})(?::?(\d{2}(?:\.\d+)?))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads an instant as Kong's date library does: no zone means UTC, a date alone is midnight, and days
 * or months out of range roll over (`2025-02-30` is 2 March). Without separators the hour may follow the
 * day at once. `undefined` when it is not a date.
 */
export function parseLuaDate(text: string): Instant | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = match;
  const wholeSecond = Math.trunc(Number(second));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    wholeSecond,
  );
  // Ticks are microseconds: anything finer is lost.
  const micros = Math.floor((Number(second) - wholeSecond) * 1e6 + 1e-3);
  return { seconds: local / 1000 - zoneOffsetSeconds(zone), nanos: micros * 1000 };
}

/** Formats whole seconds since the epoch as Kong does: UTC, no zone, no fraction. */
export function formatLuaDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, -5);
}

function zoneOffsetSeconds(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
}
