import { describe, expect, it } from '@jest/globals';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { aberto, abertos, type JanelaFuncionamento, problemaNosHorarios } from './horario-funcionamento.ts';

const SAO_PAULO = 'America/Sao_Paulo';
const COMERCIAL: JanelaFuncionamento[] = [
  { diaSemana: 1, abre: '08:00', fecha: '12:00' },
  { diaSemana: 1, abre: '13:00', fecha: '18:00' },
];
const NOITE: JanelaFuncionamento[] = [
  { diaSemana: 6, abre: '20:00', fecha: '02:00' },
  { diaSemana: 7, abre: '02:00', fecha: '06:00' },
];

function entre(inicio: string, fim: string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

describe('opening hours', () => {
  it('are unlimited when there is no window', () => {
    expect(aberto(entre('2026-06-08T03:00:00Z', '2026-06-09T03:00:00Z'), [], SAO_PAULO)).toBe(true);
  });

  // 2026-06-08 is a Monday; America/Sao_Paulo is UTC-3.
  it.each([
    ['08:00', '12:00', true],
    ['13:00', '18:00', true],
    ['07:45', '09:00', false],
    ['11:00', '12:15', false],
    ['11:00', '14:00', false],
    ['12:00', '13:00', false],
    ['17:00', '18:15', false],
  ])('cover Monday %s-%s local: %p', (inicio, fim, esperado) => {
    const periodo = entre(`2026-06-08T${inicio}:00-03:00`, `2026-06-08T${fim}:00-03:00`);
    expect(aberto(periodo, COMERCIAL, SAO_PAULO)).toBe(esperado);
  });

  it.each([
    ['2026-06-13T20:00:00-03:00', '2026-06-14T02:00:00-03:00', true],
    ['2026-06-14T00:30:00-03:00', '2026-06-14T02:00:00-03:00', true],
    ['2026-06-14T01:00:00-03:00', '2026-06-14T06:00:00-03:00', true],
    ['2026-06-14T05:00:00-03:00', '2026-06-14T06:15:00-03:00', false],
    ['2026-06-13T00:30:00-03:00', '2026-06-13T01:30:00-03:00', false],
  ])('pass midnight and join: %s to %s: %p', (inicio, fim, esperado) => {
    expect(aberto(entre(inicio, fim), NOITE, SAO_PAULO)).toBe(esperado);
  });

  it('follow the wall clock when the clocks were switched', () => {
    const janelas = [{ diaSemana: 7, abre: '08:00', fecha: '10:00' }];
    // New York: Sunday 2026-03-08 is UTC-4 from 02:00 on, the Sunday before is UTC-5.
    expect(aberto(entre('2026-03-08T12:00:00Z', '2026-03-08T14:00:00Z'), janelas, 'America/New_York')).toBe(
      true,
    );
    expect(aberto(entre('2026-03-01T12:00:00Z', '2026-03-01T14:00:00Z'), janelas, 'America/New_York')).toBe(
      false,
    );
    expect(aberto(entre('2026-03-01T13:00:00Z', '2026-03-01T15:00:00Z'), janelas, 'America/New_York')).toBe(
      true,
    );
  });

  it('are valid when windows touch, also around the end of the week', () => {
    const semana = [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '00:00', fecha: '24:00' }));
    expect(problemaNosHorarios(semana)).toBeUndefined();
    expect(problemaNosHorarios(NOITE)).toBeUndefined();
  });

  it.each([
    [
      'há janelas que se sobrepõem',
      [
        { diaSemana: 1, abre: '08:00', fecha: '12:00' },
        { diaSemana: 1, abre: '11:00', fecha: '13:00' },
      ],
    ],
    [
      'há janelas que se sobrepõem',
      [
        { diaSemana: 7, abre: '20:00', fecha: '02:00' },
        { diaSemana: 1, abre: '01:00', fecha: '03:00' },
      ],
    ],
    ['dia da semana vai de 1 a 7', [{ diaSemana: 0, abre: '08:00', fecha: '12:00' }]],
    ['dia da semana vai de 1 a 7', [{ diaSemana: 8, abre: '08:00', fecha: '12:00' }]],
    ['dia da semana vai de 1 a 7', [{ diaSemana: 1.5, abre: '08:00', fecha: '12:00' }]],
    ['a abertura deve estar no formato HH:MM', [{ diaSemana: 1, abre: '25:00', fecha: '12:00' }]],
    ['a abertura deve estar no formato HH:MM', [{ diaSemana: 1, abre: '24:00', fecha: '12:00' }]],
    ['a abertura deve estar no formato HH:MM', [{ diaSemana: 1, abre: 'x08:00', fecha: '12:00' }]],
    ['a abertura deve estar no formato HH:MM', [{ diaSemana: 1, abre: '08:000', fecha: '12:00' }]],
    ['o fechamento deve estar no formato HH:MM', [{ diaSemana: 1, abre: '20:00', fecha: '24:30' }]],
    ['o fechamento deve estar no formato HH:MM', [{ diaSemana: 1, abre: '20:00', fecha: 'x23:00' }]],
    ['o fechamento deve estar no formato HH:MM', [{ diaSemana: 1, abre: '20:00', fecha: '23:000' }]],
  ])('are refused in words: %s %#', (problema, janelas) => {
    expect(problemaNosHorarios(janelas)).toBe(problema);
  });

  it('may last a whole day and night when they close at the hour at which they open', () => {
    const janelas = [{ diaSemana: 1, abre: '08:00', fecha: '08:00' }];
    expect(problemaNosHorarios(janelas)).toBeUndefined();
    const [aberta] = abertos(entre('2026-06-07T03:00:00Z', '2026-06-10T03:00:00Z'), janelas, SAO_PAULO);
    expect(aberta).toEqual(entre('2026-06-08T08:00:00-03:00', '2026-06-09T08:00:00-03:00'));
  });

  it('join in whatever order they were written', () => {
    const dia = entre('2026-06-08T03:00:00Z', '2026-06-09T03:00:00Z');
    const janelas = [
      { diaSemana: 1, abre: '18:00', fecha: '20:00' },
      { diaSemana: 1, abre: '12:00', fecha: '16:00' },
      { diaSemana: 1, abre: '08:00', fecha: '12:00' },
    ];
    expect(aberto(entre('2026-06-08T08:00:00-03:00', '2026-06-08T16:00:00-03:00'), janelas, SAO_PAULO)).toBe(
      true,
    );
    expect(abertos(dia, janelas, SAO_PAULO)).toEqual([
      entre('2026-06-08T08:00:00-03:00', '2026-06-08T16:00:00-03:00'),
      entre('2026-06-08T18:00:00-03:00', '2026-06-08T20:00:00-03:00'),
    ]);
  });
});
