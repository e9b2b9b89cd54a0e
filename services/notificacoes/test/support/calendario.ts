import ical, { type Organizer, type VCalendar, type VEvent } from 'node-ical';

/** RFC 5545, 3.1: name, parameters, value. node-ical skips what is not one, a calendar program may refuse the file. */
const LINHA = /^[A-Z-]+(?:;[A-Z-]+=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*:(?:\P{Cc}|\t)*$/u;

/** A calendar file with one event, as another implementation understands it. */
export function lerCalendario(texto: string): { calendario: VCalendar; evento: VEvent } {
  const linhas = linhasDe(texto);
  for (const linha of linhas) if (!LINHA.test(linha)) throw new Error(`no content line: ${linha}`);
  if (linhas.filter((linha) => linha === 'BEGIN:VEVENT').length !== 1) throw new Error('not one VEVENT');
  const { vcalendar, ...componentes } = ical.sync.parseICS(texto);
  const evento = Object.values(componentes).find((componente) => componente?.type === 'VEVENT');
  if (vcalendar === undefined || evento?.type !== 'VEVENT') throw new Error('no calendar with an event');
  return { calendario: vcalendar, evento: evento as VEvent };
}

/** The unfolded lines (RFC 5545, 3.1). */
export function linhasDe(texto: string): string[] {
  if (!texto.endsWith('\r\n')) throw new Error('the last line has no end');
  return texto.slice(0, -2).replaceAll('\r\n ', '').split('\r\n');
}

/** Address of the organizer, with its parameters. */
export function organizadorDe({ organizer }: VEvent): Exclude<Organizer, string> {
  if (organizer === undefined || typeof organizer === 'string')
    throw new Error('no organizer with parameters');
  return organizer;
}
