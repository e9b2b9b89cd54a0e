import { describe, expect, it } from '@jest/globals';
import { LIMITES_PADRAO, problemaNosLimites, verificarLimites } from './limites-reserva.ts';
import { PeriodoReserva } from './periodo-reserva.ts';

const AGORA = new Date('2026-06-01T12:00:00Z');
const REGRAS = {
  limites: LIMITES_PADRAO,
  horarios: [
    { diaSemana: 1, abre: '00:00', fecha: '24:00' },
    { diaSemana: 2, abre: '00:00', fecha: '24:00' },
  ],
  fusoHorario: 'America/Sao_Paulo',
};
const SEMPRE_ABERTO: typeof REGRAS = { ...REGRAS, horarios: [] };

function motivo(inicio: string, fim: string, regras = SEMPRE_ABERTO): string {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  const verificado = verificarLimites(periodo.value, regras, AGORA);
  return verificado.isFailure ? verificado.error.motivo : 'ACEITA';
}

describe('limits of a reservation', () => {
  it.each([
    ['exactly two hours ahead', '2026-06-01T14:00:00Z', '2026-06-01T15:00:00Z', 'ACEITA'],
    ['less than two hours ahead', '2026-06-01T13:45:00Z', '2026-06-01T15:00:00Z', 'ANTECEDENCIA_MINIMA'],
    ['in the past', '2026-05-01T14:00:00Z', '2026-05-01T15:00:00Z', 'ANTECEDENCIA_MINIMA'],
    ['exactly 180 days ahead', '2026-11-28T12:00:00Z', '2026-11-28T13:00:00Z', 'ACEITA'],
    ['more than 180 days ahead', '2026-11-28T12:15:00Z', '2026-11-28T13:15:00Z', 'ANTECEDENCIA_MAXIMA'],
    ['shorter than an hour', '2026-06-02T14:00:00Z', '2026-06-02T14:45:00Z', 'DURACAO_MINIMA'],
    ['exactly a day long', '2026-06-02T14:00:00Z', '2026-06-03T14:00:00Z', 'ACEITA'],
    ['longer than a day', '2026-06-02T14:00:00Z', '2026-06-03T14:15:00Z', 'DURACAO_MAXIMA'],
    ['starting off the grid', '2026-06-02T14:05:00Z', '2026-06-02T15:15:00Z', 'FORA_DA_GRADE'],
    ['ending off the grid', '2026-06-02T14:00:00Z', '2026-06-02T15:05:00Z', 'FORA_DA_GRADE'],
    ['with a fraction of a minute', '2026-06-02T14:00:30Z', '2026-06-02T15:15:00Z', 'FORA_DA_GRADE'],
  ])('answer a reservation %s', (_, inicio, fim, esperado) => {
    expect(motivo(inicio, fim)).toBe(esperado);
  });

  it('refuse what is outside the opening hours', () => {
    expect(motivo('2026-06-09T20:00:00-03:00', '2026-06-09T24:00:00-03:00', REGRAS)).toBe('ACEITA');
    expect(motivo('2026-06-09T23:00:00-03:00', '2026-06-10T01:00:00-03:00', REGRAS)).toBe('FORA_DO_HORARIO');
  });

  it('read the grid on the local wall clock', () => {
    // Nepal is UTC+05:45: on an hourly grid, full hours of UTC are off and quarters past are on.
    const regras = {
      limites: { ...LIMITES_PADRAO, gradeMinutos: 60 },
      horarios: [],
      fusoHorario: 'Asia/Kathmandu',
    };
    expect(motivo('2026-06-02T14:00:00Z', '2026-06-02T15:00:00Z', regras)).toBe('FORA_DA_GRADE');
    expect(motivo('2026-06-02T14:15:00Z', '2026-06-02T15:15:00Z', regras)).toBe('ACEITA');
  });

  it('are consistent by default', () => {
    expect(problemaNosLimites(LIMITES_PADRAO)).toBeUndefined();
  });

  it.each([
    ['the shortest is longer than the longest', { duracaoMinimaMinutos: 120, duracaoMaximaMinutos: 60 }],
    ['no duration fits the grid', { duracaoMinimaMinutos: 50, duracaoMaximaMinutos: 55, gradeMinutos: 60 }],
    ['the grid does not divide the day', { gradeMinutos: 50 }],
    ['the lead time ends before it begins', { antecedenciaMinimaMinutos: 43_200, antecedenciaMaximaDias: 1 }],
    ['a number is out of range', { antecedenciaMinimaMinutos: -1 }],
    ['a number is not whole', { gradeMinutos: 7.5 }],
  ])('are refused when %s', (_, mudanca) => {
    expect(problemaNosLimites({ ...LIMITES_PADRAO, ...mudanca })).toEqual(expect.any(String));
  });
});
