/** What a calendar shows of a reservation. */
export interface EventoDeCalendario {
  /** Whether the entry is to be put into the calendar or taken out of it. */
  readonly situacao: 'CONFIRMADO' | 'CANCELADO';
  /** The same for the same reservation for ever: a calendar replaces the entry it already has. */
  readonly uid: string;
  /** Grows with each change of the entry, from 0. */
  readonly sequencia: number;
  /** When this version of the entry was made. */
  readonly geradoEm: Date;
  readonly inicio: Date;
  readonly fim: Date;
  readonly titulo: string;
  readonly descricao: string;
  /** Empty when there is none. */
  readonly local: string;
  readonly organizador: { readonly nome: string; readonly email: string };
}

/** RFC 5545, 3.1: a line has at most 75 octets without its line break. */
const MAX_OCTETOS = 75;
const CRLF = '\r\n';

/** RFC 5546, 3.2.1 and 3.2.5: the receiver may add it, or drops what it has; nobody is asked to answer. */
const COMO = {
  CONFIRMADO: { metodo: 'PUBLISH', status: 'CONFIRMED', ocupa: 'OPAQUE' },
  CANCELADO: { metodo: 'CANCEL', status: 'CANCELLED', ocupa: 'TRANSPARENT' },
} as const;

/**
 * An iCalendar file with one event (RFC 5545). Instants are written in UTC, so that no VTIMEZONE is needed and no reader can take them for local time.
 */
export function escreverCalendario(evento: EventoDeCalendario): string {
  const { metodo, status, ocupa } = COMO[evento.situacao];
  const linhas = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Plataforma de Reservas//Notificacoes//PT-BR',
    'CALSCALE:GREGORIAN',
    `METHOD:${metodo}`,
    'BEGIN:VEVENT',
    `UID:${escaparTexto(evento.uid)}`,
    `SEQUENCE:${evento.sequencia}`,
    `DTSTAMP:${emUtc(evento.geradoEm)}`,
    `DTSTART:${emUtc(evento.inicio)}`,
    `DTEND:${emUtc(evento.fim)}`,
    `SUMMARY:${escaparTexto(evento.titulo)}`,
    `DESCRIPTION:${escaparTexto(evento.descricao)}`,
    ...(evento.local === '' ? [] : [`LOCATION:${escaparTexto(evento.local)}`]),
    `ORGANIZER;CN=${entreAspas(evento.organizador.nome)}:mailto:${evento.organizador.email}`,
    `STATUS:${status}`,
    `TRANSP:${ocupa}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return linhas.map((linha) => dobrar(linha) + CRLF).join('');
}

/** RFC 5545, 3.3.5, form 2: `20261124T170000Z`. Seconds are the finest it knows. */
function emUtc(instante: Date): string {
  return `${instante.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** RFC 5545, 3.3.11. Other control characters have no place in a TEXT. */
export function escaparTexto(texto: string): string {
  return texto
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(CONTROLE, '');
}

/** RFC 5545, 3.2: a quoted parameter value can hold anything but quotes and control characters. */
function entreAspas(texto: string): string {
  return `"${texto
    .replace(/"/g, "'")
    .replace(/[\r\n]+/g, ' ')
    .replace(CONTROLE, '')}"`;
}

const CONTROLE = /[^\P{Cc}\t]/gu;

/**
 * RFC 5545, 3.1: longer lines go on in the next one after a space, which counts. Cuts fall between characters: a
 * reader that decodes line by line would else find broken UTF-8.
 */
export function dobrar(linha: string): string {
  let resultado = '';
  let octetos = 0;
  for (const caractere of linha) {
    const tamanho = Buffer.byteLength(caractere);
    if (octetos + tamanho > MAX_OCTETOS) {
      resultado += `${CRLF} `;
      octetos = 1;
    }
    resultado += caractere;
    octetos += tamanho;
  }
  return resultado;
}
