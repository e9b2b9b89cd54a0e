import { describe, expect, it } from '@jest/globals';
import { encurtarTexto, normalizarTexto, problemaNoTexto, tamanhoDoTexto } from './texto.ts';

const LINHAS = { linhas: true };

describe('normalizarTexto', () => {
  it.each([
    ['  Ana  Souza ', 'Ana Souza'],
    ['Ana\u00a0\u2003\tSouza', 'Ana Souza'],
    ['Ana\n', 'Ana'],
    ['Jose\u0301', 'José'],
    ['e\u200b\u0301', 'é'],
    ['A\u00adn\u200ba\u2060\ufeff', 'Ana'],
    ['   ', ''],
    ['\u200b\ufeff', ''],
    ['👩\u200d👩\u200d👧', '👩\u200d👩\u200d👧'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
  ])('makes of %j %j', (bruto, texto) => {
    expect(normalizarTexto(bruto)).toBe(texto);
    expect(normalizarTexto(texto)).toBe(texto);
  });

  it('leaves line breaks as they are where there may be none, for they are refused then', () => {
    expect(normalizarTexto('Ana \n\n\n Bia')).toBe('Ana \n\n\n Bia');
  });

  it.each([
    [' Chuva.\r\n\tTelhado  molhado. \n\n\n\n Volto\n', 'Chuva.\nTelhado molhado.\n\nVolto'],
    ['\n \n', ''],
  ])('keeps the lines of %j where there may be some', (bruto, texto) => {
    expect(normalizarTexto(bruto, LINHAS)).toBe(texto);
    expect(normalizarTexto(texto, LINHAS)).toBe(texto);
  });
});

describe('problemaNoTexto', () => {
  it.each(['Ana', 'José da Silva', 'O’Neill – “Zé”', '李', 'مريم', '🙂', 'Ana\u200dBia', '\u200fאנה'])(
    'finds none in %j',
    (texto) => expect(problemaNoTexto(texto, { minimo: 1, maximo: 120 })).toBeUndefined(),
  );

  it.each([
    ['Ana\nBia', 'não pode ter quebras de linha nem caracteres de controle'],
    ['Ana\rBia', 'não pode ter quebras de linha nem caracteres de controle'],
    ['Ana\u0085Bia', 'não pode ter quebras de linha nem caracteres de controle'],
    ['Ana\u2028Bia', 'não pode ter quebras de linha nem caracteres de controle'],
    ['Ana\u0000', 'não pode ter quebras de linha nem caracteres de controle'],
    ['Ana\u001b[31m', 'não pode ter quebras de linha nem caracteres de controle'],
    ['\u202eana', 'não pode ter caracteres que mudam a direção da leitura'],
    ['ana\u2066', 'não pode ter caracteres que mudam a direção da leitura'],
    ['\u200d', 'precisa ter algo que se veja'],
    ['\u3164 \u115f', 'precisa ter algo que se veja'],
    ['\u2800', 'precisa ter algo que se veja'],
    ['\u{e0041}\u200c', 'precisa ter algo que se veja'],
    ['\ud800', 'tem caracteres inválidos'],
  ])('says of %j: %s', (texto, porque) => expect(problemaNoTexto(texto)).toBe(porque));

  it('takes line breaks where there may be some, and no other control character', () => {
    expect(problemaNoTexto('Chuva.\nVolto.', LINHAS)).toBeUndefined();
    for (const texto of ['a\rb', 'a\u000bb', 'a\u2029b', 'a\u0000b'])
      expect(problemaNoTexto(texto, LINHAS)).toBe('não pode ter caracteres de controle');
  });

  it('is cut between two characters, and visibly, where it is too long', () => {
    expect(encurtarTexto('Sala Ipê', 8)).toBe('Sala Ipê');
    expect(encurtarTexto('Sala Ipê', 7)).toBe('Sala I…');
    expect(encurtarTexto('🙂🙂🙂', 3)).toBe('🙂🙂🙂');
    expect(encurtarTexto('🙂🙂🙂', 2)).toBe('🙂…');
  });

  it('counts characters, whatever they are made of', () => {
    expect(tamanhoDoTexto('🙂'.repeat(61))).toBe(61);
    expect(problemaNoTexto('🙂'.repeat(120), { minimo: 1, maximo: 120 })).toBeUndefined();
    expect(problemaNoTexto('🙂'.repeat(121), { minimo: 1, maximo: 120 })).toBe(
      'deve ter de 1 a 120 caracteres',
    );
    expect(problemaNoTexto('', { minimo: 1, maximo: 120 })).toBe('deve ter de 1 a 120 caracteres');
  });
});
