import { describe, expect, it } from '@jest/globals';
import { readStrictly } from './strict-icalendar.ts';

const EVENT = [
  ...['BEGIN:VEVENT', 'UID:a@b', 'SEQUENCE:3', 'DTSTAMP:20261120T123456Z', 'DTSTART:20261124T170000Z'],
  ...['DTEND:20261124T190000Z', 'SUMMARY:Sala\\, 2', 'STATUS:CONFIRMED', 'TRANSP:OPAQUE', 'END:VEVENT'],
];

const calendar = (event: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...event, 'END:VCALENDAR', ''].join('\r\n');

const changed = (from: string, to: string) => calendar(EVENT.map((line) => (line === from ? to : line)));

describe('readStrictly', () => {
  it('reads a file that is as it has to be', () => {
    const [event] = readStrictly(calendar(EVENT));
    expect([event?.get('SEQUENCE')?.value, event?.get('SUMMARY')?.value]).toEqual(['3', 'Sala\\, 2']);
  });

  it.each([
    ['no end of the last line', calendar(EVENT).trimEnd(), 'no end'],
    ['a line that is too long', changed('UID:a@b', `UID:${'a'.repeat(72)}`), '76 octets'],
    ['a separator of Unicode', changed('UID:a@b', 'UID:a\u2028b'), 'in the middle'],
    ['a bare line feed', changed('UID:a@b', 'UID:a\nb'), 'in the middle'],
    ['a text that is not escaped', changed('SUMMARY:Sala\\, 2', 'SUMMARY:Sala, 2'), 'badly escaped'],
    ['an unknown escape', changed('SUMMARY:Sala\\, 2', 'SUMMARY:\\x'), 'badly escaped'],
    ['no DTSTAMP', changed('DTSTAMP:20261120T123456Z', 'X-A:1'), 'DTSTAMP is there 0 times'],
    ['a local time', changed('DTSTART:20261124T170000Z', 'DTSTART:20261124T170000'), 'no instant in UTC'],
    ['two UIDs', changed('STATUS:CONFIRMED', 'UID:b'), 'UID is there 2 times'],
    ['a line that is none', changed('UID:a@b', 'uid a'), 'no content line'],
    ['an event in an event', changed('UID:a@b', 'BEGIN:VEVENT'), 'unexpected BEGIN'],
  ])('refuses %s', (_, file, reason) => {
    expect(() => readStrictly(file)).toThrow(reason);
  });
});
