import { describe, expect, it } from '@jest/globals';
import { medirSenha, mesmaSenha, normalizarSenha, palavrasDeContexto } from './senha.ts';

describe('the length of a password', () => {
  it.each(['Senha@12', 'ç'.repeat(8), '😀'.repeat(8), 'a'.repeat(64), 'a'.repeat(128)])(
    'takes %j',
    (senha) => {
      expect(medirSenha(senha, 8).isSuccess).toBe(true);
    },
  );

  it.each(['abcdefg', '😀'.repeat(7), 'a'.repeat(129)])('refuses %j', (senha) => {
    const medida = medirSenha(senha, 8);
    expect(medida.isFailure && medida.error.motivo).toBe('SENHA_FRACA');
  });

  it('is as long as whoever runs the platform wants it', () => {
    expect(medirSenha('a'.repeat(14), 15).isFailure).toBe(true);
    expect(medirSenha('a'.repeat(15), 15).isSuccess).toBe(true);
  });
});

describe('a password', () => {
  it('is the same in every form of its characters', () => {
    expect(mesmaSenha('sena\u0301ria', 'sen\u00e1ria')).toBe(true);
    expect(mesmaSenha('\uff33enha', 'Senha')).toBe(true);
    expect(mesmaSenha('Senha', 'senha')).toBe(false);
    expect(normalizarSenha('ﬁ①')).toBe('fi1');
  });
});

describe('the words of a person', () => {
  it('are those of the name, the address and the platform', () => {
    const palavras = palavrasDeContexto({ nome: 'Ana Maria', email: 'ana.souza@casa-verde.com.br' });
    for (const palavra of ['ana maria', 'anamaria', 'maria', 'ana.souza', 'souza', 'casa-verde', 'reserva'])
      expect(palavras).toContain(palavra);
    expect(palavras).not.toContain('br');
  });
});
