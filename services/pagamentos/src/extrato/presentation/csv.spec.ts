import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, linhaCsv } from './csv.ts';

/** Reads one record as RFC 4180 says. */
function ler(linha: string): string[] {
  const celulas = `${linha.slice(0, -2)},`.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*)),/g);
  return [...celulas].map(([, entreAspas, simples]) => entreAspas?.replaceAll('""', '"') ?? simples ?? '');
}

describe('linhaCsv', () => {
  it.each([
    [['a', 'b'], 'a,b\r\n'],
    [['a,b', 'diz "oi"', 'duas\nlinhas'], '"a,b","diz ""oi""","duas\nlinhas"\r\n'],
    [['', 'ação'], ',ação\r\n'],
  ])('writes %j', (celulas, linha) => {
    expect(linhaCsv(celulas)).toBe(linha);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("x")'])('disarms %j', (formula) => {
    const [celula = ''] = ler(linhaCsv([formula]));
    expect(celula).toBe(`'${formula}`);
  });

  it('loses nothing and starts no formula, whatever the texts are', () => {
    const texto = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('=', '+', '-', '"', ',', '\r', '\n', '\t', 'á') }),
    );
    fc.assert(
      fc.property(fc.array(texto, { minLength: 1, maxLength: 6 }), (textos) => {
        const celulas = ler(linhaCsv(textos));
        expect(celulas.map((celula, i) => (celula === `'${textos[i]}` ? textos[i] : celula))).toEqual(textos);
        for (const celula of celulas) expect(celula).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

describe('decimal', () => {
  it.each([
    [0n, '0.00'],
    [5n, '0.05'],
    [10_000n, '100.00'],
    [-1n, '-0.01'],
    [9_007_199_254_740_993n, '90071992547409.93'],
  ])('writes %s cents as %s', (centavos, texto) => {
    expect(decimal(centavos)).toBe(texto);
  });
});
