import ical, { type Organizer, type VCalendar, type VEvent } from 'node-ical';

/** RFC 5545, 3.1: name, parameters, value. node-ical skips what is not one, a calendar program may refuse the file. */
const CONTENT_LINE = /^[A-Z-]+(?:;[A-Z-]+=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*:(?:\P{Cc}|\t)*$/u;

/** A calendar file with one event, as another implementation understands it. */
export function readCalendario(text: string): { calendario: VCalendar; evento: VEvent } {
  const lines = linesOf(text);
  for (const line of lines) if (!CONTENT_LINE.test(line)) throw new Error(`no content line: ${line}`);
  if (lines.filter((line) => line === 'BEGIN:VEVENT').length !== 1) throw new Error('not one VEVENT');
  const { vcalendar, ...components } = ical.sync.parseICS(text);
  const evento = Object.values(components).find((component) => component?.type === 'VEVENT');
  if (vcalendar === undefined || evento?.type !== 'VEVENT') throw new Error('no calendar with an event');
  return { calendario: vcalendar, evento: evento as VEvent };
}

/** The unfolded lines (RFC 5545, 3.1). */
export function linesOf(text: string): string[] {
  if (!text.endsWith('\r\n')) throw new Error('the last line has no end');
  return text.slice(0, -2).replaceAll('\r\n ', '').split('\r\n');
}

/** Address of the organizer, with its parameters. */
export function organizerOf({ organizer }: VEvent): Exclude<Organizer, string> {
  if (organizer === undefined || typeof organizer === 'string')
    throw new Error('no organizer with parameters');
  return organizer;
}
