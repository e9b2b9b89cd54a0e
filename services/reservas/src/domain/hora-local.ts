import { Temporal } from 'temporal-polyfill';

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

/** The canonical name of an IANA zone, or undefined when there is none. A bare offset is not a zone. */
export function fusoCanonico(nome: string): string | undefined {
  if (!/^[A-Za-z]/.test(nome)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(nome).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function horaLocal(instante: Date, fuso: string): HoraLocal {
  const zoned = noFuso(instante, fuso);
  return {
    data: zoned.toPlainDate().toString(),
    diaSemana: zoned.dayOfWeek,
    minutoDoDia: zoned.hour * 60 + zoned.minute,
    minutoExato: zoned.second === 0 && zoned.millisecond === 0,
  };
}

/** `data` moved by whole days on the calendar. */
export function somarDias(data: string, dias: number): string {
  return Temporal.PlainDate.from(data).add({ days: dias }).toString();
}

/** ISO weekday of a date. */
export function diaDaSemana(data: string): number {
  return Temporal.PlainDate.from(data).dayOfWeek;
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
  const wall = Temporal.PlainDate.from(data).toPlainDateTime().add({ minutes: minutoDoDia });
  return new Date(wall.toZonedDateTime(fuso, { disambiguation: qual }).epochMilliseconds);
}

/** The year on the wall clock. */
export function anoLocal(instante: Date, fuso: string): number {
  return noFuso(instante, fuso).year;
}

/** The same date and wall time in another year; 29 February falls on the 28th where there is none. */
export function noAno(instante: Date, ano: number, fuso: string): Date {
  const wall = noFuso(instante, fuso).toPlainDateTime().with({ year: ano });
  return new Date(wall.toZonedDateTime(fuso).epochMilliseconds);
}

/** The next instant at which the clocks of the zone are switched, if any is known. */
export function proximaTrocaDeHorario(instante: Date, fuso: string): Date | undefined {
  const next = noFuso(instante, fuso).getTimeZoneTransition('next');
  return next ? new Date(next.epochMilliseconds) : undefined;
}

function noFuso(instante: Date, fuso: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instante.getTime()).toZonedDateTimeISO(fuso);
}
