import { describe, expect, it } from '@jest/globals';
import { deToken, emToken } from './page-token.ts';

const POSICAO = { ordem: 'Sala Ipê', id: 'esp_1' };

describe('page token', () => {
  it('gives its position back to the list it came from', () => {
    const lida = deToken('espacos:', emToken('espacos:', POSICAO));
    expect(lida.isSuccess && lida.value).toEqual(POSICAO);
  });

  it('is empty for the first and after the last page', () => {
    const primeira = deToken('espacos:', '');
    expect(primeira.isSuccess && primeira.value).toBeUndefined();
    expect(emToken('espacos:', undefined)).toBe('');
  });

  it.each([
    ['another list', emToken('reservas:', POSICAO)],
    ['nothing readable', 'not-a-token!'],
    ['JSON of another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['JSON null', Buffer.from('null').toString('base64url')],
    ['a position without an id', Buffer.from('["espacos:","x"]').toString('base64url')],
  ])('is refused when it is of %s', (_, token) => {
    const lida = deToken('espacos:', token);
    expect(lida.isFailure && lida.error.motivo).toBe('PAGINA_INVALIDA');
  });
});
