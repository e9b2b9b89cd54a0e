import { encurtarTexto, normalizarTexto, tamanhoDoTexto } from '@plataforma/domain/texto';
import type { EstadoReserva } from './estado-reserva.ts';

/** `expiraEm` is the end of the hold; the page of the payment provider may stay open for longer. */
type ReservaCobrada = Pick<EstadoReserva, 'espacoNome' | 'expiraEm' | 'fusoHorario'> & {
  readonly periodo: Pick<EstadoReserva['periodo'], 'inicio'>;
};

const MAX_CARACTERES = 200;

/** What the customer reads where they pay for a reservation, in the local time of the space. */
export function descricaoDaCobranca({ espacoNome, periodo, expiraEm, fusoHorario }: ReservaCobrada): string {
  const formato = formatoDe(fusoHorario);
  const quando = `, ${formato.format(periodo.inicio)}. Pague até ${formato.format(expiraEm)} (horário do espaço).`;
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
