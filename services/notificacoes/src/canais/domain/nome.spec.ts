import { describe, expect, it } from '@jest/globals';
import { nomeNoEndereco } from './nome.ts';

describe('nomeNoEndereco', () => {
  it.each([
    ['an ordinary name', "João D'Ávila", "João D'Ávila"],
    ['a header', 'Ana\r\nBcc: x@y.z', 'Ana Bcc: x@y.z'],
    ['directions of reading', 'Ana \u202Egpj\u2066', 'Ana gpj'],
    ['what is not seen', 'A\u200Bna\uFEFF', 'Ana'],
    ['half a character', 'Ana \ud83d', 'Ana \ufffd'],
    ['a word of 10 kB', 'a'.repeat(10_000), `${'a'.repeat(99)}…`],
  ])('makes one short line of %s', (_, nome, linha) => {
    expect(nomeNoEndereco(nome)).toBe(linha);
  });
});
