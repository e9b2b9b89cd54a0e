import { escreverCalendario as escrever } from '@plataforma/domain/formats/icalendar';

/** What a calendar shows of a reservation. */
export interface EventoDeCalendario {
  /** Whether the entry is to be put into the calendar or taken out of it. */
  readonly situacao: 'CONFIRMADO' | 'CANCELADO';
  /** The same for the same reservation for ever: a calendar replaces the entry it already has. */
  readonly uid: string;
  /** What its texts are written in: a BCP 47 tag. */
  readonly idioma: string;
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

/** RFC 5546, 3.2.1 and 3.2.5: the receiver may add it, or drops what it has, and is not asked to answer. */
const COMO = {
  CONFIRMADO: { metodo: 'PUBLISH', status: 'CONFIRMED' },
  CANCELADO: { metodo: 'CANCEL', status: 'CANCELLED' },
} as const;

/** The calendar file that comes with a message: one event. */
export function escreverCalendario({ situacao, idioma, ...evento }: EventoDeCalendario): string {
  const { metodo, status } = COMO[situacao];
  return escrever({
    produtor: `-//Plataforma de Reservas//Notificacoes//${idioma.toUpperCase()}`,
    metodo,
    eventos: [{ ...evento, status, url: '' }],
  });
}
