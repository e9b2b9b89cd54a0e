import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { Recorrencia } from './recorrencia.ts';

/**
 * The local dates of a rule from its first date to a last one, both inclusive, whatever the rule says of its end. No more
 * than `maximo`, so the work is bounded, as it is by the number of days in between.
 *
 * The dates are found without a time zone, so that no switch of the clocks moves them; where a wall time does not
 * exist is asked afterwards.
 */
export function datasDaRecorrencia(
  { frequencia, intervalo, dias, diasDoMes, inicioDaSemana }: Recorrencia,
  primeira: string,
  ultima: string,
  maximo: number,
): string[] {
  const regra = new RRuleTemporal({
    freq: frequencia,
    interval: intervalo,
    ...(dias.length > 0 && { byDay: [...dias] }),
    ...(diasDoMes.length > 0 && { byMonthDay: [...diasDoMes] }),
    wkst: inicioDaSemana,
    dtstart: meiaNoite(primeira),
    until: meiaNoite(ultima),
    temporal: Temporal,
    cache: false,
  });
  return regra.all((_, i) => i < maximo).map((data) => data.toPlainDate().toString());
}

function meiaNoite(data: string): Temporal.ZonedDateTime {
  return Temporal.PlainDate.from(data).toZonedDateTime('UTC');
}
