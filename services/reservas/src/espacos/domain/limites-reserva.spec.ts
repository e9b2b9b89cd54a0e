import { describe, expect, it } from '@jest/globals';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  descerNaGrade,
  LIMITES_PADRAO,
  LimiteDeReservasError,
  type LimitesReserva,
  problemaNosLimites,
  subirNaGrade,
  verificarLimites,
} from './limites-reserva.ts';

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
    ['ANTECEDENCIA_MINIMA', '2026-06-01T13:45:00Z', '2026-06-01T15:00:00Z', { minimoMinutos: 120 }],
    ['ANTECEDENCIA_MAXIMA', '2026-11-28T12:15:00Z', '2026-11-28T13:15:00Z', { maximoDias: 180 }],
    ['DURACAO_MINIMA', '2026-06-02T14:00:00Z', '2026-06-02T14:45:00Z', { minimoMinutos: 60 }],
    ['DURACAO_MAXIMA', '2026-06-02T14:00:00Z', '2026-06-03T14:15:00Z', { maximoMinutos: 1440 }],
    ['FORA_DA_GRADE', '2026-06-02T14:05:00Z', '2026-06-02T15:15:00Z', { gradeMinutos: 15 }],
    ['FORA_DO_HORARIO', '2026-06-03T14:00:00Z', '2026-06-03T15:00:00Z', {}],
  ])('say the limit that %s is about, in words and to programs', (motivo, inicio, fim, esperado) => {
    const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
    if (periodo.isFailure) throw periodo.error;
    const recusada = verificarLimites(periodo.value, REGRAS, AGORA);
    expect(recusada.isFailure && recusada.error).toMatchObject({ motivo, detalhes: esperado });
    const [numero = 'fora do horário de funcionamento'] = Object.values(esperado);
    expect(recusada.isFailure && recusada.error.message).toContain(`${numero}`);
  });

  it('count the reservations that a customer may hold', () => {
    expect(new LimiteDeReservasError()).toMatchObject({
      message: 'Você já tem 5 reservas ativas, o máximo permitido.',
      detalhes: { maximo: 5 },
    });
  });

  it.each([
    ['America/Sao_Paulo', 15, '2026-06-01T12:00:00.000Z', '2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'],
    ['America/Sao_Paulo', 15, '2026-06-01T12:14:59.999Z', '2026-06-01T12:00:00Z', '2026-06-01T12:15:00Z'],
    ['America/Sao_Paulo', 60, '2026-06-01T12:16:01.500Z', '2026-06-01T12:00:00Z', '2026-06-01T13:00:00Z'],
    // 01:15, 01:30 again, and 02:45 on the nights in which the clocks of Lord Howe move half an hour.
    ['Australia/Lord_Howe', 60, '2026-04-04T14:15:00.000Z', '2026-04-04T14:00:00Z', '2026-04-04T15:30:00Z'],
    ['Australia/Lord_Howe', 60, '2026-04-04T15:00:00.000Z', '2026-04-04T14:00:00Z', '2026-04-04T15:30:00Z'],
    ['Australia/Lord_Howe', 60, '2026-10-03T15:45:00.000Z', '2026-10-03T14:30:00Z', '2026-10-03T16:00:00Z'],
  ])('find the points of the grid in %s of %i min around %s', (fuso, grade, instante, antes, depois) => {
    expect(descerNaGrade(Date.parse(instante), grade, fuso)).toBe(Date.parse(antes));
    expect(subirNaGrade(Date.parse(instante), grade, fuso)).toBe(Date.parse(depois));
  });

  it.each<[Partial<LimitesReserva>, string]>([
    [{ antecedenciaMinimaMinutos: -1 }, 'antecedência mínima deve ir de 0 a 43200 minutos'],
    [{ antecedenciaMinimaMinutos: 43_201 }, 'antecedência mínima deve ir de 0 a 43200 minutos'],
    [{ antecedenciaMaximaDias: 0 }, 'antecedência máxima deve ir de 1 a 730 dias'],
    [{ antecedenciaMaximaDias: 731 }, 'antecedência máxima deve ir de 1 a 730 dias'],
    [{ duracaoMinimaMinutos: 4 }, 'duração mínima deve ir de 5 a 1440 minutos'],
    [{ duracaoMinimaMinutos: 1441 }, 'duração mínima deve ir de 5 a 1440 minutos'],
    [{ duracaoMaximaMinutos: 4 }, 'duração máxima deve ir de 5 a 1440 minutos'],
    [{ duracaoMaximaMinutos: 1441 }, 'duração máxima deve ir de 5 a 1440 minutos'],
    [{ gradeMinutos: 4 }, 'a grade deve ir de 5 a 60 minutos e dividir o dia em partes iguais'],
    [{ gradeMinutos: 72 }, 'a grade deve ir de 5 a 60 minutos e dividir o dia em partes iguais'],
    [{ gradeMinutos: 7 }, 'a grade deve ir de 5 a 60 minutos e dividir o dia em partes iguais'],
    [
      { antecedenciaMinimaMinutos: 1441, antecedenciaMaximaDias: 1 },
      'antecedência mínima é maior que a máxima',
    ],
    [
      { duracaoMinimaMinutos: 50, duracaoMaximaMinutos: 59, gradeMinutos: 60 },
      'nenhuma duração na grade cabe entre a mínima e a máxima',
    ],
  ])('are refused in words: %j', (mudanca, problema) => {
    expect(problemaNosLimites({ ...LIMITES_PADRAO, ...mudanca })).toBe(problema);
  });

  it.each<Partial<LimitesReserva>>([
    { antecedenciaMinimaMinutos: 0 },
    { antecedenciaMinimaMinutos: 43_200, antecedenciaMaximaDias: 30 },
    { antecedenciaMinimaMinutos: 1440, antecedenciaMaximaDias: 1 },
    { antecedenciaMaximaDias: 730 },
    { duracaoMinimaMinutos: 5, duracaoMaximaMinutos: 5, gradeMinutos: 5 },
    { duracaoMinimaMinutos: 1440, duracaoMaximaMinutos: 1440 },
    { duracaoMinimaMinutos: 60, duracaoMaximaMinutos: 60, gradeMinutos: 60 },
  ])('may be %j', (mudanca) => {
    expect(problemaNosLimites({ ...LIMITES_PADRAO, ...mudanca })).toBeUndefined();
  });
});
