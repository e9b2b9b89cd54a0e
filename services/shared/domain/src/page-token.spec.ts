import { describe, expect, it } from '@jest/globals';
import { instantOf, readPageToken, writePageToken } from './page-token.ts';

const POSICAO = { ordem: 'Sala Ipê', id: 'esp_1' };

const base64 = (text: string) => Buffer.from(text).toString('base64url');

describe('page token', () => {
  it('gives its position back to the list it came from, and fits into an address', () => {
    const token = writePageToken('espacos:', POSICAO);
    expect(token).toMatch(/^[\w-]+$/);
    expect(readPageToken('espacos:', token)).toEqual({ depoisDe: POSICAO });
  });

  it('is empty for the first and after the last page', () => {
    expect(readPageToken('espacos:', '')).toEqual({ depoisDe: undefined });
    expect(writePageToken('espacos:', undefined)).toBe('');
  });

  it.each([
    ['another list', writePageToken('reservas:', POSICAO)],
    ['nothing readable', 'not-a-token!'],
    ['JSON of another shape', base64('{"a":1}')],
    ['JSON null', base64('null')],
    ['a position without an id', base64('["espacos:","x"]')],
    ['a position that is no text', base64('["espacos:",1,"esp_1"]')],
  ])('is refused when it is of %s', (_, token) => {
    expect(readPageToken('espacos:', token)).toBeUndefined();
  });

  it('tells the instant of a position', () => {
    const instant = new Date('2026-06-10T10:00:00.123Z');
    expect(instantOf({ ordem: instant.toISOString(), id: 'res_1' })).toEqual(instant);
  });

  it.each(['', '1781085600000', '2026-13-01T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', 'ontem'])(
    'knows that %j is no instant of a list',
    (ordem) => {
      expect(instantOf({ ordem, id: 'res_1' })).toBeUndefined();
    },
  );
});
