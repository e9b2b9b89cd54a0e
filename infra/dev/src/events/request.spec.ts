import { describe, expect, it } from '@jest/globals';
import { isReserva, ofReserva, sinceOf } from './request.ts';
import { matches } from './stored-events.ts';

const NOW = new Date('2027-03-01T12:00:00Z');

describe('the time that events are wanted since', () => {
  it.each([
    ['90s', '2027-03-01T11:58:30.000Z'],
    ['30m', '2027-03-01T11:30:00.000Z'],
    ['2d', '2027-02-27T12:00:00.000Z'],
    ['2027-02-01T09:00:00-03:00', '2027-02-01T12:00:00.000Z'],
    ['999999999d', '1970-01-01T00:00:00.000Z'],
  ])('%s', (text, at) => expect(sinceOf(text, NOW)?.toISOString()).toBe(at));

  it.each(['', '1', '1w', '-1h', 'ontem', '2027-02-01', '2027-13-01T00:00:00Z'])('is not %j', (text) =>
    expect(sinceOf(text, NOW)).toBeUndefined(),
  );
});

describe('a subject', () => {
  it.each([
    ['>', 'reservas.v1.ReservaCriada', true],
    ['reservas.>', 'reservas.v1.ReservaCriada', true],
    ['*.v1.DadosConsultados', 'auth.v1.DadosConsultados', true],
    ['reservas.v1', 'reservas.v1.ReservaCriada', false],
    ['reservas.v1.ReservaCriada.>', 'reservas.v1.ReservaCriada', false],
    ['pagamentos.>', 'reservas.v1.ReservaCriada', false],
  ])('%s and %s', (pattern, subject, expected) => expect(matches(pattern, subject)).toBe(expected));
});

describe('the story of a reservation', () => {
  it('has what names it, and nothing of one whose name goes on', () => {
    const event = (body: object) => ({
      at: 0n,
      subject: 's',
      headers: undefined,
      body: JSON.stringify(body),
    });
    const wanted = ofReserva('res_1');
    expect([wanted(event({ reservaId: 'res_1' })), wanted(event({ reservaId: 'res_12' }))]).toEqual([
      true,
      false,
    ]);
  });

  it('is asked for by an id', () => {
    expect(['res_4kT9wQz2', 'res_', 'pag_1', 'res_1"'].map(isReserva)).toEqual([true, false, false, false]);
  });
});
