import { describe, expect, it } from '@jest/globals';
import { validarSenha } from './senha.ts';

const ana = { nome: 'Ana Maria', email: 'anamaria.souza@exemplo.com' };

describe('validarSenha', () => {
  it.each(['Senha@12', 'Senha@123', 'correta bateria cavalo grampo', 'ção'.repeat(3), 'a1'.repeat(64)])(
    'accepts %j',
    (senha) => {
      expect(validarSenha(senha, ana).isSuccess).toBe(true);
    },
  );

  it.each([
    ['seven characters', 'abcdefg'],
    ['more than 128 characters', 'a1'.repeat(65)],
    ['a common password in any case', 'PassWord1'],
    ['one repeated character', 'zzzzzzzzzz'],
    ['the own name', 'ana maria'],
    ['the own e-mail', 'AnaMaria.Souza@exemplo.com'],
    ['the local part of the own e-mail', 'anamaria.souza'],
  ])('refuses %s', (_, senha) => {
    const resultado = validarSenha(senha, ana);
    expect(resultado.isFailure && resultado.error.motivo).toBe('SENHA_FRACA');
  });
});
