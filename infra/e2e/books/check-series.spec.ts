import { describe, expect, it } from '@jest/globals';
import type { Ocorrencia, SerieBook } from './books.ts';
import { compare } from './comparison.ts';
import { books } from './example-books.ts';

const ocorrencia = (numero: number, change: Partial<Ocorrencia> = {}): Ocorrencia => ({
  id: `res_${numero}`,
  numero,
  status: 'CONFIRMADA',
  clienteId: 'cli_1',
  espacoId: 'esp_1',
  minutos: 60,
  valor: 150_01,
  cobrancas: [150_01],
  ...change,
});

const SERIE: SerieBook = {
  id: 'ser_1',
  clienteId: 'cli_1',
  espacoId: 'esp_1',
  modo: 'TUDO_OU_NADA',
  rrule: 'FREQ=WEEKLY;COUNT=3',
  duracaoMinutos: 60,
  excluidas: 0,
  puladas: 0,
  iguais: 1,
  ocorrencias: [1, 2, 3].map((numero) => ocorrencia(numero)),
};

const serieWith = (change: Partial<Ocorrencia>): SerieBook => ({
  ...SERIE,
  ocorrencias: [ocorrencia(1), ocorrencia(2), ocorrencia(3, change)],
});

const problems = (serie: SerieBook) => compare(books({ series: [serie] }));

describe('the comparison of series', () => {
  it.each<[string, SerieBook]>([
    ['is whole', SERIE],
    ['leaves a date out', { ...SERIE, excluidas: 1, ocorrencias: SERIE.ocorrencias.slice(1) }],
    [
      'had to leave a date out',
      { ...SERIE, modo: 'PULAR_CONFLITOS', puladas: 1, ocorrencias: SERIE.ocorrencias.slice(1) },
    ],
    ['ends on a date', { ...SERIE, rrule: 'FREQ=WEEKLY;UNTIL=20261231' }],
    ['has a date that was given up before it was charged', serieWith({ status: 'CANCELADA', cobrancas: [] })],
    ['has a date that costs nothing', serieWith({ valor: 0, cobrancas: [] })],
  ])('has nothing to say of one that %s', (_, serie) => {
    expect(problems(serie)).toEqual([]);
  });

  it.each<[string, SerieBook, string]>([
    [
      'is there by half',
      { ...SERIE, ocorrencias: SERIE.ocorrencias.slice(1) },
      'ser_1: 2 reservations for 3 dates',
    ],
    ['has a date too many', { ...SERIE, excluidas: 1 }, 'ser_1: 3 reservations for 2 dates'],
    [
      'wants all or nothing, and leaves a date out',
      { ...SERIE, puladas: 1, ocorrencias: SERIE.ocorrencias.slice(1) },
      'ser_1: all or nothing, and 1 dates left out',
    ],
    ['has one date twice', serieWith({ numero: 2 }), 'ser_1: a date is booked twice'],
    ['was made twice under one key', { ...SERIE, iguais: 2 }, 'ser_1: made 2 times under one key'],
    ['has a date that nobody charges', serieWith({ cobrancas: [] }), 'ser_1: res_3 is charged 0 times'],
    [
      'has a date that is charged twice',
      serieWith({ cobrancas: [150_01, 150_01] }),
      'ser_1: res_3 is charged 2 times',
    ],
    [
      'is charged as a whole for each date',
      serieWith({ cobrancas: [450_03] }),
      'ser_1: res_3 is charged 45003 of 15001 cents',
    ],
    [
      'has a date of somebody else',
      serieWith({ clienteId: 'cli_2' }),
      'ser_1: res_3 is of another customer or space',
    ],
    ['has a date of another length', serieWith({ minutos: 120 }), 'ser_1: res_3 takes 120 minutes'],
  ])('finds one that %s', (_, serie, problem) => {
    expect(problems(serie)).toEqual([problem]);
  });
});
