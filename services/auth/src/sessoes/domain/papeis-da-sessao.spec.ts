import { describe, expect, it } from '@jest/globals';
import type { Papel } from '../../contas/domain/usuario.ts';
import type { Metodo } from './metodo.ts';
import { papeisDaSessao } from './papeis-da-sessao.ts';

const admin: readonly Papel[] = ['GESTOR', 'ADMIN'];

describe('the roles of a session', () => {
  it('are those of the account where no factor is required', () => {
    expect(papeisDaSessao({ papeis: admin, mfaAtivo: false }, ['pwd'], false)).toEqual(admin);
  });

  it.each<[Metodo[]]>([[['pwd', 'otp']], [['pwd', 'rec']], [['fed', 'otp']]])(
    'are those of the account once a factor is proved by %j',
    (metodos) => {
      expect(papeisDaSessao({ papeis: admin, mfaAtivo: true }, metodos, true)).toEqual(admin);
    },
  );

  it.each<[string, boolean, Metodo[]]>([
    ['there is none', false, ['pwd']],
    ['another provider stands for the password only', false, ['fed']],
    ['it was switched on after the login', true, ['pwd']],
    ['it was switched off since then', false, ['pwd', 'otp']],
  ])('are without ADMIN where one is required and %s', (_, mfaAtivo, metodos) => {
    expect(papeisDaSessao({ papeis: admin, mfaAtivo }, metodos, true)).toEqual(['GESTOR']);
    expect(papeisDaSessao({ papeis: ['ADMIN'], mfaAtivo }, metodos, true)).toEqual(['CLIENTE']);
  });

  it('of others do not depend on it', () => {
    expect(papeisDaSessao({ papeis: ['CLIENTE'], mfaAtivo: false }, ['pwd'], true)).toEqual(['CLIENTE']);
  });
});
