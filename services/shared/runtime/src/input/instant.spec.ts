import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { cutToMilliseconds, isInstant, parseInstant } from './instant.ts';

describe('the text of an instant', () => {
  it.each([
    ['2026-12-10T13:00:00Z', '2026-12-10T13:00:00.000Z', 0],
    ['2026-12-10T10:00:00-03:00', '2026-12-10T13:00:00.000Z', 0],
    ['2026-12-10T18:45:00+05:45', '2026-12-10T13:00:00.000Z', 0],
    ['2026-12-10T13:00:00-00:00', '2026-12-10T13:00:00.000Z', 0],
    ['2028-02-29T23:59:59.5Z', '2028-02-29T23:59:59.000Z', 500_000_000],
    ['2026-12-10T13:00:00.123456789Z', '2026-12-10T13:00:00.000Z', 123_456_789],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.000Z', 900_000_000],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', 0],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.000Z', 999_000_000],
  ])('%s is read as it says', (text, second, nanos) => {
    const instant = parseInstant(text);
    expect(instant && [new Date(instant.seconds * 1_000).toISOString(), instant.nanos]).toEqual([
      second,
      nanos,
    ]);
  });

  it.each([
    ['no zone', '2026-12-10T10:00:00'],
    ['no seconds', '2026-12-10T10:00Z'],
    ['a date alone', '2026-12-10'],
    ['a date as Brazilians write it', '12/10/2026'],
    ['seconds since 1970', '1796900000'],
    ['a time alone', '10:00'],
    ['a month', '2026-12'],
    ['short numbers', '2026-1-5T1:00:00Z'],
    ['a week', '2026-W50-4T10:00:00Z'],
    ['a day of the year', '2026-344T10:00:00Z'],
    ['English', 'Dec 15 2026'],
    ['RFC 1123', 'Tue, 15 Dec 2026 10:00:00 GMT'],
    ['a zone by name', '2026-12-10T10:00:00EST'],
    ['a twelve-hour clock', '2026-12-10 1:00 pm'],
    ['a decimal comma', '2026-12-10T10:00:00,5Z'],
    ['a space for the T', '2026-12-10 10:00:00Z'],
    ['small letters', '2026-12-10t10:00:00z'],
    ['the basic form', '20261210T100000Z'],
    ['an offset without its colon', '2026-12-10T10:00:00-0300'],
    ['an offset without minutes', '2026-12-10T10:00:00-03'],
    ['an offset of a day', '2026-12-10T10:00:00+24:00'],
    ['an offset of sixty minutes', '2026-12-10T10:00:00+01:60'],
    ['a plus that became a space', '2026-12-10T10:00:00 03:00'],
    ['ten digits of a second', '2026-12-10T10:00:00.1234567890Z'],
    ['a point without digits', '2026-12-10T10:00:00.Z'],
    ['30 February', '2027-02-30T15:00:00Z'],
    ['29 February of a common year', '2027-02-29T15:00:00Z'],
    ['31 April', '2027-04-31T15:00:00Z'],
    ['a thirteenth month', '2027-13-01T15:00:00Z'],
    ['a month 0', '2027-00-01T15:00:00Z'],
    ['a day 0', '2027-01-00T15:00:00Z'],
    ['24:00', '2027-01-01T24:00:00Z'],
    ['25:00', '2027-01-01T25:00:00Z'],
    ['a minute 60', '2027-01-01T10:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['year 0', '0000-12-31T23:59:59Z'],
    ['year 0 by its offset', '0001-01-01T00:00:00+00:01'],
    ['year 10000 by its offset', '9999-12-31T23:59:59-00:01'],
    ['five digits of a year', '12026-12-10T10:00:00Z'],
    ['a sign', '+2026-12-10T10:00:00Z'],
    ['white space around', ' 2026-12-10T10:00:00Z'],
    ['a line break behind', '2026-12-10T10:00:00Z\n'],
    ['other digits', '２０２６-12-10T10:00:00Z'],
    ['nothing', ''],
    ['words', 'amanhã'],
  ])('is refused: %s', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('the message of an instant', () => {
  const message = (seconds: bigint, nanos = 0) => create(TimestampSchema, { seconds, nanos });

  it.each([
    [-62_135_596_801n, 0],
    [253_402_300_800n, 0],
    [2n ** 63n - 1n, 0],
    [-(2n ** 63n), 0],
    [0n, -1],
    [0n, 1_000_000_000],
  ])('is none with %s seconds and %s nanoseconds', (seconds, nanos) => {
    expect(isInstant(message(seconds, nanos))).toBe(false);
  });

  it.each([
    [-62_135_596_800n, 0],
    [253_402_300_799n, 999_999_999],
    [0n, 0],
  ])('is one with %s seconds and %s nanoseconds', (seconds, nanos) => {
    expect(isInstant(message(seconds, nanos))).toBe(true);
  });

  it('is cut off at the millisecond, and never rounded up', () => {
    const almost = message(5n, 999_999_999);
    cutToMilliseconds(almost);
    expect(almost.nanos).toBe(999_000_000);
  });
});
