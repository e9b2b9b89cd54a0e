/** A property of a component: `NAME;PARAM="x":value`. */
export interface ContentLine {
  readonly name: string;
  readonly params: string;
  readonly value: string;
}

const MAX_OCTETS = 75;
/** RFC 5545, 3.1. What a reader may take for the end of a line has no place in one, whatever Unicode calls it. */
const CONTENT_LINE =
  /^([A-Z][A-Z0-9-]*)((?:;[A-Z][A-Z0-9-]*=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*):((?:\P{Cc}|\t)*)$/u;
const LINE_ENDS = /[\r\n\v\f\u0085\u2028\u2029]/u;
const TEXTS = new Set(['SUMMARY', 'DESCRIPTION', 'LOCATION', 'UID', 'NAME', 'X-WR-CALNAME']);
/** RFC 5545, 3.3.11: an escape of these four, or anything that needs none. */
const TEXT = /^(?:\\[\\;,nN]|[^\\;,])*$/u;
const UTC = /^\d{8}T\d{6}Z$/;
const ONCE = ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'SEQUENCE', 'STATUS', 'SUMMARY', 'TRANSP'];

/**
 * The events of an iCalendar file as a program reads it that forgives nothing (RFC 5545): octets of a line, characters
 * that are cut, escapes, properties that have to be there once, and nesting.
 *
 * @throws Error naming the first thing that is not as it has to be
 */
export function readStrictly(file: string): ReadonlyArray<ReadonlyMap<string, ContentLine>> {
  const lines = unfold(file).map(contentLine);
  const ends = [lines[0], lines.at(-1)].map((line) => `${line?.name}:${line?.value}`);
  if (ends.join() !== 'BEGIN:VCALENDAR,END:VCALENDAR') throw new Error(`not one calendar: ${ends.join()}`);
  for (const name of ['VERSION', 'PRODID']) only(lines, name);
  const events: Map<string, ContentLine>[] = [];
  let current: ContentLine[] | undefined;
  for (const line of lines.slice(1, -1)) {
    if (line.name === 'BEGIN') {
      if (current || line.value !== 'VEVENT') throw new Error(`unexpected BEGIN:${line.value}`);
      current = [];
    } else if (line.name === 'END') {
      if (!current || line.value !== 'VEVENT') throw new Error(`unexpected END:${line.value}`);
      events.push(event(current));
      current = undefined;
    } else current?.push(line);
  }
  if (current) throw new Error('an event has no end');
  return events;
}

function event(lines: readonly ContentLine[]): Map<string, ContentLine> {
  for (const name of ONCE) only(lines, name);
  for (const name of ['DTSTAMP', 'DTSTART', 'DTEND'])
    if (!UTC.test(only(lines, name).value)) throw new Error(`${name} is no instant in UTC`);
  if (!/^\d+$/.test(only(lines, 'SEQUENCE').value)) throw new Error('SEQUENCE is no number');
  return new Map(lines.map((line) => [line.name, line]));
}

function only(lines: readonly ContentLine[], name: string): ContentLine {
  const [first, ...more] = lines.filter((line) => line.name === name);
  if (!first || more.length > 0) throw new Error(`${name} is there ${first ? more.length + 1 : 0} times`);
  return first;
}

function unfold(file: string): string[] {
  const physical = file.split('\r\n');
  if (physical.pop() !== '') throw new Error('the last line has no end');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const lines: string[] = [];
  for (const line of physical) {
    if (LINE_ENDS.test(line)) throw new Error(`a line ends in the middle of ${JSON.stringify(line)}`);
    const octets = new TextEncoder().encode(line);
    if (octets.length > MAX_OCTETS) throw new Error(`${octets.length} octets in ${line}`);
    decoder.decode(octets);
    if (/^[ \t]/.test(line)) lines.push(`${lines.pop() ?? ''}${line.slice(1)}`);
    else lines.push(line);
  }
  return lines;
}

function contentLine(line: string): ContentLine {
  const [, name, params = '', value = ''] = CONTENT_LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`no content line: ${line}`);
  if (TEXTS.has(name) && !TEXT.test(value)) throw new Error(`${name} is badly escaped: ${value}`);
  return { name, params, value };
}
