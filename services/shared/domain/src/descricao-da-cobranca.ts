import { encurtarTexto, normalizarTexto, tamanhoDoTexto } from './texto.ts';

/** What a charge is for, and until when it can be paid. */
export interface ReservaCobrada {
  readonly espacoNome: string;
  readonly inicio: Date;
  /** End of the hold. The page of the payment provider may stay open for longer. */
  readonly expiraEm: Date;
  /** IANA time zone of the space. */
  readonly fusoHorario: string;
}

const MAX_CARACTERES = 200;

/**
 * What the customer reads where they pay, in the local time of the space. The same facts give the same text, whichever service asks
 * for the charge: the call and the event of a reservation race.
 */
export function descricaoDaCobranca({ espacoNome, inicio, expiraEm, fusoHorario }: ReservaCobrada): string {
  const formato = formatoDe(fusoHorario);
  const quando = `, ${formato.format(inicio)}. Pague até ${formato.format(expiraEm)} (horário do espaço).`;
  const oQue = `Reserva de ${normalizarTexto(espacoNome)}`;
  return `${encurtarTexto(oQue, MAX_CARACTERES - tamanhoDoTexto(quando))}${quando}`;
}

/** Making a format takes longer than all the rest of an event; there are only so many time zones. */
const FORMATOS = new Map<string, Intl.DateTimeFormat>();

function formatoDe(timeZone: string): Intl.DateTimeFormat {
  const conhecido = FORMATOS.get(timeZone);
  if (conhecido) return conhecido;
  const formato = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'short', timeStyle: 'short', timeZone });
  FORMATOS.set(timeZone, formato);
  return formato;
}
