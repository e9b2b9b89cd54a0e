import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { diaDaSemana, horaLocal, instanteLocal, proximaTrocaDeHorario, somarDias } from './hora-local.ts';

const FUSOS = [
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Lisbon',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'UTC',
];

const fuso = fc.constantFrom(...FUSOS);
const MIN = Date.parse('2015-01-01T00:00:00Z');
const MAX = Date.parse('2032-01-01T00:00:00Z');
const longe = fc.integer({ min: MIN, max: MAX });

/** Instants around the switches of the clocks are where mistakes would be. */
const perto = fc.tuple(fuso, longe, fc.integer({ min: -90, max: 90 })).map(([zona, ms, minutos]) => {
  const troca = Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zona)
    .getTimeZoneTransition('next');
  const base = troca && troca.epochMilliseconds < MAX ? troca.epochMilliseconds : ms - (ms % 60_000);
  return { zona, ms: base + minutos * 60_000 };
});
const qualquer = fc.record({ zona: fuso, ms: longe });
const momentos = fc.oneof(perto, qualquer);

function zoned(ms: number, zona: string) {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zona);
}

describe('the wall clock', () => {
  it('shows what the time zone database says, near switches too', () => {
    fc.assert(
      fc.property(momentos, ({ zona, ms }) => {
        const esperado = zoned(ms, zona);
        expect(horaLocal(new Date(ms), zona)).toEqual({
          data: esperado.toPlainDate().toString(),
          diaSemana: esperado.dayOfWeek,
          minutoDoDia: esperado.hour * 60 + esperado.minute,
          minutoExato: esperado.second === 0 && esperado.millisecond === 0,
        });
        const troca = esperado.getTimeZoneTransition('next');
        expect(proximaTrocaDeHorario(new Date(ms), zona)?.getTime()).toBe(troca?.epochMilliseconds);
      }),
      { numRuns: 400 },
    );
  });

  it('is turned back into the instant that the time zone database names', () => {
    const minuto = fc.integer({ min: 0, max: 2 * 1440 });
    const qual = fc.constantFrom('compatible' as const, 'later' as const);
    fc.assert(
      fc.property(momentos, minuto, qual, ({ zona, ms }, minutoDoDia, disambiguation) => {
        const data = zoned(ms, zona).toPlainDate();
        const parede = data.toPlainDateTime().add({ minutes: minutoDoDia });
        const esperado = parede.toZonedDateTime(zona, { disambiguation }).epochMilliseconds;
        expect(instanteLocal(data.toString(), minutoDoDia, zona, disambiguation).getTime()).toBe(esperado);
      }),
      { numRuns: 400 },
    );
  });

  it('counts days and weekdays on the calendar', () => {
    fc.assert(
      fc.property(longe, fc.integer({ min: -500, max: 500 }), (ms, dias) => {
        const data = zoned(ms, 'UTC').toPlainDate();
        expect(somarDias(data.toString(), dias)).toBe(data.add({ days: dias }).toString());
        expect(diaDaSemana(data.toString())).toBe(data.dayOfWeek);
      }),
    );
  });
});
