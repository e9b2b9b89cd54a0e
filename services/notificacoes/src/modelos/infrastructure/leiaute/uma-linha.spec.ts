import { describe, expect, it } from '@jest/globals';
import { primeiroNome, umaLinha } from './uma-linha.ts';

describe('primeiroNome', () => {
  it.each([
    ['Ana Maria Souza', 'Ana'],
    ['  João\n', 'João'],
    ["D'Ávila", "D'Ávila"],
    ['http://exemplo.com clique', ''],
    ['exemplo.com', ''],
    ['<b>Ana</b>', ''],
    ['', ''],
  ])('of %j is %j', (nome, texto) => {
    expect(primeiroNome(nome)).toBe(texto);
  });
});

describe('umaLinha', () => {
  it('has no line break of any kind left', () => {
    expect(umaLinha(' a\r\nb\u2028c\u0000d\te ')).toBe('a b c d e');
  });

  it.each([
    ['a text that turns others round', 'a\u202Eb\u2066c\u200Fd\u061Ce', 'abcde'],
    ['what is not seen', 'S\u200Bala\uFEFF \u2060Ip\u00ADê', 'Sala Ipê'],
    ['half a character', 'a\ud83d b\udc00', 'a\ufffd b\ufffd'],
  ])('has nothing left of %s', (_, texto, linha) => {
    expect(umaLinha(texto)).toBe(linha);
  });

  it.each(['👩‍👩‍👧 Sala ❤️', 'קפה שלום', 'می‌خواهم', 'Ação'])('leaves %s as it is', (texto) => {
    expect(umaLinha(texto)).toBe(texto);
  });

  it('is cut, and visibly, where it is longer than any name', () => {
    expect(umaLinha('😀'.repeat(10_000))).toBe(`${'😀'.repeat(299)}…`);
    expect(umaLinha('abcdef', 4)).toBe('abc…');
  });
});
