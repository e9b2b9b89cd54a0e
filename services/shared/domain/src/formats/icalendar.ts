/** One event of a calendar file, as RFC 5545 has it. */
export interface EventoDeCalendario {
  /** The same for the same thing for ever: a calendar program replaces the entry it already has. */
  readonly uid: string;
  /** Grows with each change of the entry, from 0. */
  readonly sequencia: number;
  readonly status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  /** When this version of the entry was made. */
  readonly geradoEm: Date;
  readonly inicio: Date;
  readonly fim: Date;
  readonly titulo: string;
  /** Empty when there is none, like `local` and `url`. */
  readonly descricao: string;
  readonly local: string;
  readonly url: string;
  readonly organizador: { readonly nome: string; readonly email: string } | undefined;
}

/** A calendar file. */
export interface Calendario {
  /** Names the program that wrote it: `-//Organisation//Product//Language`. */
  readonly produtor: string;
  /** Of a message to one calendar (RFC 5546); a feed that is fetched has none. */
  readonly metodo?: 'PUBLISH' | 'CANCEL';
  /** Shown as the name of a calendar that is subscribed to. */
  readonly nome?: string;
  /** How often a program should fetch a feed again. */
  readonly atualizarACadaMinutos?: number;
  readonly eventos: readonly EventoDeCalendario[];
}

/** RFC 5545, 3.1: a line has at most 75 octets without its line break. */
const MAX_OCTETOS = 75;
const CRLF = '\r\n';

/**
 * An iCalendar file (RFC 5545; name and refresh interval by RFC 7986). Instants are written in UTC, so that no VTIMEZONE
 * is needed and no reader can take them for local time. The same calendar always gives the same bytes.
 */
export function escreverCalendario(calendario: Calendario): string {
  const linhas = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:${calendario.produtor}`,
    'CALSCALE:GREGORIAN',
    ...(calendario.metodo === undefined ? [] : [`METHOD:${calendario.metodo}`]),
    ...nomeDoCalendario(calendario.nome),
    ...intervalo(calendario.atualizarACadaMinutos),
    ...calendario.eventos.flatMap(linhasDoEvento),
    'END:VCALENDAR',
  ];
  return linhas.map((linha) => dobrar(linha) + CRLF).join('');
}

/** Programs older than RFC 7986 know the names with X- only. */
function nomeDoCalendario(nome: string | undefined): string[] {
  return nome === undefined ? [] : [`NAME:${escaparTexto(nome)}`, `X-WR-CALNAME:${escaparTexto(nome)}`];
}

function intervalo(minutos: number | undefined): string[] {
  return minutos === undefined
    ? []
    : [`REFRESH-INTERVAL;VALUE=DURATION:PT${minutos}M`, `X-PUBLISHED-TTL:PT${minutos}M`];
}

function linhasDoEvento(evento: EventoDeCalendario): string[] {
  const { organizador } = evento;
  return [
    'BEGIN:VEVENT',
    `UID:${escaparTexto(evento.uid)}`,
    `SEQUENCE:${evento.sequencia}`,
    `DTSTAMP:${emUtc(evento.geradoEm)}`,
    `DTSTART:${emUtc(evento.inicio)}`,
    `DTEND:${emUtc(evento.fim)}`,
    `SUMMARY:${escaparTexto(evento.titulo)}`,
    ...opcional('DESCRIPTION', escaparTexto(evento.descricao)),
    ...opcional('LOCATION', escaparTexto(evento.local)),
    ...opcional('URL', semControle(evento.url)),
    ...(organizador ? [`ORGANIZER;CN=${entreAspas(organizador.nome)}:mailto:${organizador.email}`] : []),
    `STATUS:${evento.status}`,
    `TRANSP:${evento.status === 'CANCELLED' ? 'TRANSPARENT' : 'OPAQUE'}`,
    'END:VEVENT',
  ];
}

function opcional(propriedade: string, valor: string): string[] {
  return valor === '' ? [] : [`${propriedade}:${valor}`];
}

/** RFC 5545, 3.3.5, form 2: `20261124T170000Z`. Seconds are the finest it knows. */
function emUtc(instante: Date): string {
  return `${instante.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** What a reader may take for the end of a line, by Unicode (UAX #14) and by the readers that split at all of it. */
const FIM_DE_LINHA = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;

/** A text as the value of a property (RFC 5545, 3.3.11). Other control characters have no place in it and are dropped. */
export function escaparTexto(texto: string): string {
  return semControle(texto.replace(/[\\;,]/g, '\\$&').replace(FIM_DE_LINHA, '\\n'));
}

/** RFC 5545, 3.2: a quoted parameter value can hold anything but quotes and control characters. */
function entreAspas(texto: string): string {
  return `"${semControle(texto.replace(/"/g, "'").replace(FIM_DE_LINHA, ' '))}"`;
}

function semControle(texto: string): string {
  return texto.replace(/[^\P{Cc}\t]|\p{Zl}|\p{Zp}/gu, '');
}

/**
 * A line in pieces of at most 75 octets (RFC 5545, 3.1): it goes on in the next one after a space, which counts. Cuts
 * fall between characters: a reader that decodes line by line would else find broken UTF-8.
 */
export function dobrar(linha: string): string {
  let resultado = '';
  let octetos = 0;
  for (const caractere of linha) {
    const tamanho = octetosDe(caractere);
    if (octetos + tamanho > MAX_OCTETOS) {
      resultado += `${CRLF} `;
      octetos = 1;
    }
    resultado += caractere;
    octetos += tamanho;
  }
  return resultado;
}

/** Length of one character in UTF-8. */
function octetosDe(caractere: string): number {
  const ponto = caractere.codePointAt(0) ?? 0;
  if (ponto < 0x80) return 1;
  if (ponto < 0x800) return 2;
  return ponto < 0x10000 ? 3 : 4;
}
