import { Temporal } from 'temporal-polyfill';

/** A time in which a zone keeps one offset from UTC; milliseconds since 1970, half-open. */
export interface TrechoDoFuso {
  readonly de: number;
  readonly ate: number;
  readonly deslocamentoMs: number;
}

/** More than enough: bookings lie within two years, with two switches a year. */
const MAXIMO_TRECHOS = 16;

/** Asking the time zone database is slow; what it said about a stretch of time stays true. */
const conhecidos = new Map<string, TrechoDoFuso[]>();

/** The stretch between two switches of the clocks that an instant lies in. */
export function trechoEm(ms: number, fuso: string): TrechoDoFuso {
  const trechos = conhecidos.get(fuso) ?? [];
  const conhecido = trechos.find(({ de, ate }) => de <= ms && ms < ate);
  if (conhecido) return conhecido;
  const trecho = procurar(ms, fuso);
  conhecidos.set(fuso, [trecho, ...trechos].slice(0, MAXIMO_TRECHOS));
  return trecho;
}

function procurar(ms: number, fuso: string): TrechoDoFuso {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(fuso);
  // The switch at the instant itself counts as before it: its stretch begins there.
  const depoisDe = Temporal.Instant.fromEpochMilliseconds(ms + 1).toZonedDateTimeISO(fuso);
  return {
    de: depoisDe.getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    ate: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    deslocamentoMs: zoned.offsetNanoseconds / 1_000_000,
  };
}
