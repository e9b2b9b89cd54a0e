import { ehFusoHorario } from '@plataforma/domain/fuso-horario';
import { Temporal } from 'temporal-polyfill';
import { trechoEm } from './deslocamento.ts';

const MINUTO_MS = 60_000;
const DIA_MS = 1440 * MINUTO_MS;
/** No offset from UTC is larger, before or after a switch. */
const VIZINHANCA_MS = 26 * 60 * MINUTO_MS;

/** A moment on the wall clock of a place. */
export interface HoraLocal {
  /** `2026-03-08` */
  readonly data: string;
  /** ISO weekday, 1 Monday to 7 Sunday. */
  readonly diaSemana: number;
  readonly minutoDoDia: number;
  /** True when seconds and fractions are zero. */
  readonly minutoExato: boolean;
}

/** The canonical name of an IANA zone, or undefined when there is none. */
export function fusoCanonico(nome: string): string | undefined {
  if (!ehFusoHorario(nome)) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(nome).timeZoneId;
}

export function horaLocal(instante: Date, fuso: string): HoraLocal {
  // The wall clock read as if it were in UTC.
  const parede = new Date(instante.getTime() + trechoEm(instante.getTime(), fuso).deslocamentoMs);
  return {
    data: parede.toISOString().slice(0, -14),
    diaSemana: parede.getUTCDay() || 7,
    minutoDoDia: parede.getUTCHours() * 60 + parede.getUTCMinutes(),
    minutoExato: parede.getTime() % MINUTO_MS === 0,
  };
}

/** `data` moved by whole days on the calendar. */
export function somarDias(data: string, dias: number): string {
  return new Date(Date.parse(data) + dias * DIA_MS).toISOString().slice(0, -14);
}

/** ISO weekday of a date. */
export function diaDaSemana(data: string): number {
  return new Date(Date.parse(data)).getUTCDay() || 7;
}

/**
 * The instant at which the wall clock of a date shows a minute; minute 1440 and more fall on the days after.
 * A wall time that a forward switch skips is moved past the switch. Of one that comes twice the first is meant,
 * or with `qual: 'later'` the second.
 */
export function instanteLocal(
  data: string,
  minutoDoDia: number,
  fuso: string,
  qual: 'compatible' | 'later' = 'compatible',
): Date {
  const parede = Date.parse(data) + minutoDoDia * MINUTO_MS;
  const { ate, deslocamentoMs } = trechoEm(parede - VIZINHANCA_MS, fuso);
  // No switch is near, so the wall time comes exactly once.
  if (ate > parede + VIZINHANCA_MS) return new Date(parede - deslocamentoMs);
  const wall = Temporal.PlainDate.from(data).toPlainDateTime().add({ minutes: minutoDoDia });
  return new Date(wall.toZonedDateTime(fuso, { disambiguation: qual }).epochMilliseconds);
}

/** The year on the wall clock. */
export function anoLocal(instante: Date, fuso: string): number {
  return noFuso(instante, fuso).year;
}

/**
 * The same date and wall time in another year. Where there is no 29 February all of it is the beginning of 1 March: so
 * what ends there closes the 28th to its end, and what begins and ends there is empty.
 */
export function noAno(instante: Date, ano: number, fuso: string): Date {
  const wall = noFuso(instante, fuso).toPlainDateTime();
  const mesmoDia = wall.with({ year: ano });
  const neste =
    mesmoDia.day === wall.day
      ? mesmoDia
      : Temporal.PlainDate.from({ year: ano, month: 3, day: 1 }).toPlainDateTime();
  return new Date(neste.toZonedDateTime(fuso).epochMilliseconds);
}

/** The next instant at which the clocks of the zone are switched, if any is known. */
export function proximaTrocaDeHorario(instante: Date, fuso: string): Date | undefined {
  const { ate } = trechoEm(instante.getTime(), fuso);
  return Number.isFinite(ate) ? new Date(ate) : undefined;
}

function noFuso(instante: Date, fuso: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instante.getTime()).toZonedDateTimeISO(fuso);
}
