import { describe, expect, it } from '@jest/globals';
import { lerRecorrencia } from './recorrencia.ts';

/** The part that is refused. */
function recusada(texto: string): unknown {
  const lida = lerRecorrencia(texto);
  return lida.isFailure ? lida.error.detalhes.parte : undefined;
}

describe('a recurrence rule', () => {
  it('is read with its defaults', () => {
    expect(lerRecorrencia('FREQ=WEEKLY;COUNT=10')).toMatchObject({
      isSuccess: true,
      value: {
        frequencia: 'WEEKLY',
        intervalo: 1,
        dias: [],
        diasDoMes: [],
        inicioDaSemana: 'MO',
        fim: { vezes: 10 },
      },
    });
  });

  it('is read whatever the case and the order of its parts', () => {
    expect(
      lerRecorrencia(' until=20261231T120000Z;bymonthday=1,-1;byday=+1mo;interval=2;freq=monthly;wkst=su '),
    ).toMatchObject({
      isSuccess: true,
      value: {
        frequencia: 'MONTHLY',
        intervalo: 2,
        dias: ['+1MO'],
        diasDoMes: [1, -1],
        inicioDaSemana: 'SU',
        fim: { ateInstante: new Date('2026-12-31T12:00:00Z') },
      },
    });
  });

  it.each([
    ['FREQ', 'COUNT=2'],
    ['FREQ', 'FREQ=DAILY;COUNT=2'],
    ['FREQ', 'FREQ=WEEKLY;FREQ=WEEKLY;COUNT=2'],
    ['BYSETPOS', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=2'],
    ['BYHOUR', 'FREQ=WEEKLY;BYHOUR=9;COUNT=2'],
    ['RSCALE', 'RSCALE=HEBREW;FREQ=MONTHLY;COUNT=2'],
    ['INTERVAL', 'FREQ=WEEKLY;INTERVAL=0;COUNT=2'],
    ['INTERVAL', 'FREQ=WEEKLY;INTERVAL=1000000000;COUNT=2'],
    ['BYDAY', 'FREQ=WEEKLY;BYDAY=1MO;COUNT=2'],
    ['BYDAY', 'FREQ=MONTHLY;BYDAY=6MO;COUNT=2'],
    ['BYDAY', 'FREQ=WEEKLY;BYDAY=MO,XX;COUNT=2'],
    ['BYMONTHDAY', 'FREQ=WEEKLY;BYMONTHDAY=1;COUNT=2'],
    ['BYMONTHDAY', 'FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2'],
    ['BYMONTHDAY', 'FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2'],
    ['WKST', 'FREQ=WEEKLY;WKST=1;COUNT=2'],
    ['COUNT', 'FREQ=WEEKLY'],
    ['COUNT', 'FREQ=WEEKLY;COUNT=2;UNTIL=20261231'],
    ['COUNT', 'FREQ=WEEKLY;COUNT=53'],
    ['COUNT', 'FREQ=WEEKLY;COUNT=-1'],
    ['UNTIL', 'FREQ=WEEKLY;UNTIL=20260230'],
    ['UNTIL', 'FREQ=WEEKLY;UNTIL=20261231T100000'],
    ['UNTIL', 'FREQ=WEEKLY;UNTIL=9999'],
    ['RRULE', ''],
    ['RRULE', 'FREQ=WEEKLY;;COUNT=2'],
    ['RRULE', 'RRULE:FREQ=WEEKLY;COUNT=2'],
    ['RRULE', `FREQ=WEEKLY;COUNT=2;BYDAY=${'MO,'.repeat(100)}MO`],
  ])('is refused in %s when it is "%s"', (parte, texto) => {
    expect(recusada(texto)).toBe(parte);
  });
});
