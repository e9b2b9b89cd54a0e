import { describe, expect, it } from '@jest/globals';
import { BASE32, base32 } from './base32.ts';
import { codigoDeRecuperacao, emGrupos, lerCodigo } from './codigo.ts';

describe('a code as it is typed', () => {
  it.each(['123456', '123 456', ' 12 34 56 ', '123-456'])('is that of the app: "%s"', (texto) => {
    expect(lerCodigo(texto)).toEqual({ tipo: 'APLICATIVO', digitos: '123456' });
  });

  it.each([
    '12345',
    '1234567',
    '１２３４５６',
    '١٢٣٤٥٦',
    '12345a',
    '1e5000',
    '+12345',
    '123.456',
    '123456\n',
    '',
    '   ',
  ])('is none: "%s"', (texto) => {
    expect(lerCodigo(texto)).toBeUndefined();
  });

  it('is a recovery code, with what is easily taken for another character', () => {
    const codigo = '0123456789ABCDEFGHJKMNPQ';
    for (const texto of [
      codigo,
      emGrupos(codigo),
      emGrupos(codigo).toLowerCase(),
      'O L23 456-789abcdefghjkmnpq',
      'oI23456789ABCDEFGHJKMNPQ',
    ])
      expect(lerCodigo(texto)).toEqual({ tipo: 'RECUPERACAO', codigo });
  });

  it.each([
    '0123456789ABCDEFGHJKMNP',
    '0123456789ABCDEFGHJKMNPQR',
    '0123456789ABCDEFGHJKMNPU',
    '0123456789ABCDEFGHJKMNPſ',
  ])('is no recovery code: %s', (texto) => {
    expect(lerCodigo(texto)).toBeUndefined();
  });
});

describe('a recovery code', () => {
  it('has all 120 bits of what it is made from, in six groups to type', () => {
    const bytes = Buffer.from('0044 3214 c742 54b6 35cf 8465 3a56 d7'.replaceAll(' ', ''), 'hex');
    const codigo = codigoDeRecuperacao(bytes);
    expect(codigo).toBe('0123456789ABCDEFGHJKMNPQ');
    expect(emGrupos(codigo)).toBe('0123-4567-89AB-CDEF-GHJK-MNPQ');
  });
});

describe('base32', () => {
  it('is that of RFC 4648, section 10', () => {
    expect(base32(Buffer.from('fooba'), BASE32)).toBe('MZXW6YTB');
    expect(base32(Buffer.from('12345678901234567890'), BASE32)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });
});
