import { describe, expect, it } from '@jest/globals';
import { actorOf, type Principal } from './principal.ts';

const pessoa: Principal = {
  ...{ id: 'cli_1', tipo: 'USUARIO', papeis: ['CLIENTE'], geracao: 1 },
  ...{ emitidoEm: new Date(0), token: 't' },
};

describe('who began something', () => {
  it.each([
    ['somebody in their session', pessoa, { type: 'app_user', id: 'cli_1' }],
    [
      'a program by a key of theirs',
      { ...pessoa, escopos: ['reservas:ler'] },
      { type: 'api_key', id: 'cli_1' },
    ],
    [
      'a service',
      { ...pessoa, tipo: 'SERVICO', id: 'reservas' },
      { type: 'service_account', id: 'reservas' },
    ],
  ] as const)('is told of %s', (_, principal, actor) => {
    expect(actorOf(principal)).toEqual(actor);
  });
});
