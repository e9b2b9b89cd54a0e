import { describe, expect, it } from '@jest/globals';
import type { ReservaBook } from './books.ts';
import { compare } from './comparison.ts';
import { books, ESTORNADA, NOW, PAGA, SEM_DINHEIRO } from './example-books.ts';

/** Ten hours before it begins, long after it was confirmed. */
const NO_DIA = new Date('2026-12-01T05:00:00Z');
const NA_VESPERA = new Date('2026-11-30T15:00:00Z');

const LEMBRADA: ReservaBook = { ...PAGA, emails: ['RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA'] };

/** Held for somebody, who has not taken it yet. */
const OFERECIDA: ReservaBook = {
  ...SEM_DINHEIRO,
  status: 'PENDENTE_PAGAMENTO',
  expirou: false,
  ofertas: 1,
  emails: ['VAGA_OFERECIDA'],
};

/** It expired, and its payment came late. */
const TARDIA: ReservaBook = { ...PAGA, expirou: true };

const recusada = (times: number, emails: readonly string[]): ReservaBook => ({
  ...PAGA,
  noticias: { ...PAGA.noticias, cartoesRecusados: times },
  emails: ['RESERVA_CONFIRMADA', ...emails],
});

const comResto = (restos: number, ...emails: readonly string[]): ReservaBook => ({
  ...OFERECIDA,
  noticias: { ...OFERECIDA.noticias, restos },
  emails,
});

const semEmail = (reserva: ReservaBook, modelo: string) => ({
  ...reserva,
  emails: reserva.emails.filter((email) => email !== modelo),
});

const comFalha = (...emails: readonly string[]): ReservaBook => ({
  ...ESTORNADA,
  noticias: { ...ESTORNADA.noticias, estornosFalhos: 1 },
  emails: [...ESTORNADA.emails, ...emails],
});

const problems = (reserva: ReservaBook, now: Date) =>
  compare(books({ reservas: [reserva], now })).map((problem) => problem.replace(/^.*?: /, ''));

describe('the comparison of what was told', () => {
  it.each<[string, ReservaBook, Date?]>([
    ['expired and told', SEM_DINHEIRO],
    ['paid late, whether its customer had heard of the expiry or not', TARDIA],
    ['paid late, and told of the expiry before', { ...TARDIA, emails: [...PAGA.emails, 'RESERVA_EXPIRADA'] }],
    ['reminded', LEMBRADA, NO_DIA],
    ['not yet to be reminded', PAGA],
    ['about to be reminded', PAGA, NA_VESPERA],
    ['cancelled before its reminder was due', ESTORNADA, NO_DIA],
    [
      'confirmed too near to its start to be reminded',
      { ...PAGA, confirmadoEm: new Date('2026-12-01T13:30:00Z') },
      NO_DIA,
    ],
    ['offered', OFERECIDA],
    ['offered, and taken before that could be told', { ...PAGA, ofertas: 1 }],
    ['offered, and in part paid by credit', comResto(1, 'VAGA_OFERECIDA', 'VAGA_OFERECIDA')],
    ['declined once, and told', recusada(1, ['PAGAMENTO_RECUSADO'])],
    ['declined once, and paid before that could be told', recusada(1, [])],
    ['refunded at the second try', comFalha('ESTORNO_FALHOU')],
  ])('has nothing to say of a reservation that was %s', (_, reserva, now: Date = NOW) => {
    expect(problems(reserva, now)).toEqual([]);
  });

  it.each<[string, ReservaBook, string, Date?]>([
    ['expired untold', { ...SEM_DINHEIRO, emails: [] }, 'e-mails of expiry: 0'],
    [
      'was told twice that it had expired',
      { ...SEM_DINHEIRO, emails: ['RESERVA_EXPIRADA', 'RESERVA_EXPIRADA'] },
      'e-mails of expiry: 2',
    ],
    [
      'was told an expiry that never was',
      { ...PAGA, emails: [...PAGA.emails, 'RESERVA_EXPIRADA'] },
      'e-mails of expiry: 1',
    ],
    ['was not reminded', PAGA, 'e-mails of reminder: 0', NO_DIA],
    [
      'was reminded twice',
      { ...LEMBRADA, emails: [...LEMBRADA.emails, 'LEMBRETE_RESERVA'] },
      'e-mails of reminder: 2',
      NO_DIA,
    ],
    ['was reminded a week before', LEMBRADA, 'e-mails of reminder: 1'],
    [
      'was reminded after it was cancelled',
      { ...ESTORNADA, emails: [...ESTORNADA.emails, 'LEMBRETE_RESERVA'] },
      'e-mails of reminder: 1',
      NO_DIA,
    ],
    [
      'was reminded unpaid',
      { ...SEM_DINHEIRO, emails: ['RESERVA_EXPIRADA', 'LEMBRETE_RESERVA'] },
      'e-mails of reminder: 1',
      NO_DIA,
    ],
    ['is held for somebody who has not heard of it', { ...OFERECIDA, emails: [] }, 'e-mails of offer: 0'],
    ['was offered twice', comResto(0, 'VAGA_OFERECIDA', 'VAGA_OFERECIDA'), 'e-mails of offer: 2'],
    ['was booked by its customer and offered', { ...OFERECIDA, ofertas: 0 }, 'e-mails of offer: 1'],
    [
      'was told of a declined card twice',
      recusada(1, ['PAGAMENTO_RECUSADO', 'PAGAMENTO_RECUSADO']),
      'e-mails of declined cards: 2',
    ],
    ['was not told that its refund had failed', comFalha(), 'e-mails of failed refunds: 0'],
    [
      'was told of a cancellation that never was',
      { ...PAGA, emails: [...PAGA.emails, 'RESERVA_CANCELADA'] },
      'e-mails of cancellation: 1',
    ],
    ['was cancelled untold', semEmail(ESTORNADA, 'RESERVA_CANCELADA'), 'e-mails of cancellation: 0'],
    [
      'has a message on record as sent that never came',
      { ...PAGA, missing: 1 },
      'e-mails on record as sent that never came: 1',
    ],
  ])('finds a reservation that %s', (_, reserva, problem, now: Date = NOW) => {
    expect(problems(reserva, now)).toEqual([problem]);
  });
});
