import { describe, expect, it } from '@jest/globals';
import type { EntradaDaFila, Oferta } from './books.ts';
import { compare } from './comparison.ts';
import { books, NOW } from './example-books.ts';

const PERIODO = { inicio: new Date('2026-12-01T15:00:00Z'), fim: new Date('2026-12-01T17:00:00Z') };

const ESPERA: EntradaDaFila = {
  id: 'fil_2',
  ordem: 2,
  status: 'AGUARDANDO',
  clienteId: 'cli_2',
  espacoId: 'esp_1',
  ...PERIODO,
  encerraEm: new Date('2026-12-01T13:00:00Z'),
  anuncios: 0,
  posicaoDaOferta: null,
  oferta: null,
  livre: false,
  impedida: false,
};

const OFERTA: Oferta = {
  reservaId: 'res_1',
  status: 'PENDENTE_PAGAMENTO',
  clienteId: 'cli_1',
  ...PERIODO,
  confirmada: false,
};

/** The first in line. */
const OFERTADA: EntradaDaFila = {
  ...ESPERA,
  id: 'fil_1',
  ordem: 1,
  status: 'OFERTADA',
  clienteId: 'cli_1',
  anuncios: 1,
  posicaoDaOferta: 10,
  oferta: OFERTA,
};

const ofertada = (status: string, oferta: Partial<Oferta>, change: Partial<EntradaDaFila> = {}) => ({
  ...OFERTADA,
  ...change,
  status,
  oferta: { ...OFERTA, ...oferta },
});

/** The offer to the second in line, after the first one has let it go. */
const SEGUNDA = ofertada(
  'OFERTADA',
  { reservaId: 'res_2', clienteId: 'cli_2' },
  { id: 'fil_2', ordem: 2, clienteId: 'cli_2', posicaoDaOferta: 20 },
);
const PASSOU = ofertada('EXPIRADA', { status: 'EXPIRADA' });

const problems = (...filas: readonly EntradaDaFila[]) => compare(books({ filas }));

describe('the comparison of the waitlist', () => {
  it.each<[string, readonly EntradaDaFila[]]>([
    ['waits behind an offer', [OFERTADA, ESPERA]],
    ['took what the first let go', [PASSOU, SEGUNDA]],
    ['paid', [ofertada('ATENDIDA', { status: 'CONFIRMADA', confirmada: true })]],
    ['paid, and gave it back later', [ofertada('ATENDIDA', { status: 'CANCELADA', confirmada: true })]],
    ['declined', [ofertada('CANCELADA', { status: 'CANCELADA' })]],
    ['left before any offer', [{ ...ESPERA, status: 'CANCELADA' }]],
    ['waited until it was too late', [{ ...ESPERA, status: 'ENCERRADA', livre: true }]],
    ['has just let the slot go, and waits again', [{ ...ESPERA, livre: true, impedida: true }]],
    ['is too near to the start', [{ ...ESPERA, livre: true, encerraEm: NOW }]],
    [
      'wants more than became free',
      [{ ...ESPERA, ordem: 0, fim: new Date('2026-12-01T18:00:00Z') }, OFERTADA],
    ],
  ])('has nothing to say of somebody who %s', (_, filas) => {
    expect(problems(...filas)).toEqual([]);
  });

  it.each<[string, readonly EntradaDaFila[], string]>([
    [
      'was overtaken by somebody who has the offer',
      [{ ...ESPERA, ordem: 0 }, OFERTADA],
      'fil_1 has overtaken fil_2',
    ],
    ['was offered after who came later', [{ ...SEGUNDA, ordem: 0 }, PASSOU], 'fil_1 has overtaken fil_2'],
    ['shares an offer', [OFERTADA, SEGUNDA], 'res_1 and res_2 are offers of the same slot'],
    [
      'waits for a slot that is free',
      [{ ...ESPERA, livre: true }],
      'fil_2 (AGUARDANDO): waits although its period is free',
    ],
    [
      'was offered a slot in silence',
      [{ ...OFERTADA, anuncios: 0 }],
      'fil_1 (OFERTADA): 0 offers announced, one made',
    ],
    [
      'was told of two offers',
      [{ ...OFERTADA, anuncios: 2 }],
      'fil_1 (OFERTADA): 2 offers announced, one made',
    ],
    [
      'was told of an offer that there is not',
      [{ ...ESPERA, anuncios: 1 }],
      'fil_2 (AGUARDANDO): 1 offers announced, none made',
    ],
    [
      'was offered what is held for another',
      [ofertada('OFERTADA', { clienteId: 'cli_9' })],
      'fil_1 (OFERTADA): was offered another slot, or somebody else',
    ],
    [
      'was offered another hour',
      [ofertada('OFERTADA', { fim: NOW })],
      'fil_1 (OFERTADA): was offered another slot, or somebody else',
    ],
    [
      'has paid and is told that it expired',
      [ofertada('EXPIRADA', { status: 'CONFIRMADA', confirmada: true })],
      'fil_1 (EXPIRADA): its reservation is CONFIRMADA',
    ],
    [
      'counts as served without having paid',
      [ofertada('ATENDIDA', { status: 'EXPIRADA' })],
      'fil_1 (ATENDIDA): its reservation is EXPIRADA',
    ],
    [
      'holds an offer that has ended',
      [ofertada('OFERTADA', { status: 'EXPIRADA' })],
      'fil_1 (OFERTADA): its reservation is EXPIRADA',
    ],
    [
      'left what was paid',
      [ofertada('CANCELADA', { status: 'CANCELADA', confirmada: true })],
      'fil_1 (CANCELADA): its reservation is CANCELADA',
    ],
    [
      'holds an offer of nothing',
      [{ ...OFERTADA, oferta: null, anuncios: 0 }],
      'fil_1 (OFERTADA): its reservation is none',
    ],
  ])('finds somebody who %s', (_, filas, problem) => {
    expect(problems(...filas)).toEqual([problem]);
  });
});
