import { FOLGA_MAXIMA_MINUTOS, MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';
import type { AgendaOcupada } from '../application/ports.ts';

/** Seven days in UTC, counted from 1 January 1970. */
export type Semana = number;

const SEMANA_MS = 7 * 1440 * MINUTO_MS;
const FOLGA_MS = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;

/** Those that a stretch reaches into. */
export function semanasEntre(de: Date, ate: Date): Semana[] {
  const primeira = Math.floor(de.getTime() / SEMANA_MS);
  const ultima = Math.floor((ate.getTime() - 1) / SEMANA_MS);
  return Array.from({ length: Math.max(1, ultima - primeira + 1) }, (_, i) => primeira + i);
}

/** From the beginning of the first to the end of the last. */
export function trechoDas(semanas: readonly Semana[]): { readonly de: Date; readonly ate: Date } {
  return {
    de: new Date((semanas[0] ?? 0) * SEMANA_MS),
    ate: new Date(((semanas.at(-1) ?? 0) + 1) * SEMANA_MS),
  };
}

/** The part of an agenda that belongs to a week, the largest buffer around it included. */
export function daSemana(agenda: AgendaOcupada, semana: Semana): AgendaOcupada {
  const { de, ate } = trechoDas([semana]);
  return dentroDe(agenda, de, ate);
}

export function dentroDe({ ocupacoes, fechamentos }: AgendaOcupada, de: Date, ate: Date): AgendaOcupada {
  const [desde, depois] = [de.getTime() - FOLGA_MS, ate.getTime() + FOLGA_MS];
  return {
    ocupacoes: ocupacoes.filter(
      ({ periodo }) => periodo.inicio.getTime() < depois && periodo.fim.getTime() > desde,
    ),
    fechamentos: fechamentos.filter(
      ({ anual, periodo }) => anual || (periodo.inicio < ate && periodo.fim > de),
    ),
  };
}

/** Weeks side by side; what reaches into two of them comes once. */
export function juntar(agendas: readonly AgendaOcupada[]): AgendaOcupada {
  const ocupacoes = agendas.flatMap((agenda) => agenda.ocupacoes);
  const fechamentos = agendas.flatMap((agenda) => agenda.fechamentos);
  return {
    // Reservations of one space never begin at the same time.
    ocupacoes: [...new Map(ocupacoes.map((uma) => [uma.periodo.inicio.getTime(), uma])).values()],
    fechamentos: [...new Map(fechamentos.map((um) => [um.id, um])).values()],
  };
}
