import { describe, expect, it } from '@jest/globals';
import { instantOf, readPageToken, writePageToken } from './page-token.ts';

const POSICAO = { ordem: 'Sala Ipê', id: 'esp_1' };

describe('page token', () => {
  it('gives its position back', () => {
    expect(readPageToken(writePageToken(POSICAO))).toEqual({ depoisDe: POSICAO });
  });

  it('is empty for the first and after the last page', () => {
    expect(readPageToken('')).toEqual({ depoisDe: undefined });
    expect(writePageToken(undefined)).toBe('');
  });

  it.each([
    ['nothing readable', 'not-a-token!'],
    ['JSON of another shape', '{"a":1}'],
    ['JSON null', 'null'],
    ['a position without an id', '["x"]'],
    ['a position of an earlier shape', '["espacos:","x","esp_1"]'],
    ['a position that is no text', '[1,"esp_1"]'],
    ['an id that is no text', '["x",1]'],
  ])('is refused when it is of %s', (_, token) => {
    expect(readPageToken(token)).toBeUndefined();
  });

  it('tells the instant of a position', () => {
    const instant = new Date('2026-06-10T10:00:00.123Z');
    expect(instantOf({ ordem: instant.toISOString(), id: 'res_1' })).toEqual(instant);
  });

  it.each([
    '',
    '1781085600000',
    '2026-13-01T00:00:00.000Z',
    '2027-02-30T00:00:00.000Z',
    '2027-02-28T24:00:00.000Z',
    '-271821-04-20T00:00:00.000Z',
    'ontem',
  ])('knows that %j is no instant of a list', (ordem) => {
    expect(instantOf({ ordem, id: 'res_1' })).toBeUndefined();
  });
});
