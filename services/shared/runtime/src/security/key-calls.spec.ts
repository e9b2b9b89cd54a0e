import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../test/failure-of.ts';
import type { Principal } from '../rpc/principal.ts';
import { KeyCalls, limitingKeys } from './key-calls.ts';

const PERSON: Principal = {
  ...{ id: 'cli_1', tipo: 'USUARIO', papeis: ['CLIENTE'], sessaoId: 'ses_1', geracao: 1 },
  ...{ emitidoEm: new Date(0), token: 'a.b.c' },
};
const PROGRAM: Principal = { ...PERSON, sessaoId: 'chv_1', escopos: ['reservas:ler'] };

describe('calls by a key', () => {
  it('are as many a minute as it may make, at once or one after another, each key by itself', () => {
    const calls = new KeyCalls({ perMinute: 3 });
    const begin = (now: number, key = 'chv_1') => calls.begin(key, now);
    expect([begin(0), begin(0), begin(0)]).toEqual([0, 0, 0]);
    expect([begin(0), begin(19_000), begin(0, 'chv_2')]).toEqual([20_000, 1_000, 0]);
    expect([begin(20_000), begin(20_000)]).toEqual([0, 20_000]);
  });

  it('of so many keys are remembered, of those that have called last', () => {
    const calls = new KeyCalls({ perMinute: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) calls.begin(key, 0);
    expect([calls.begin('b', 0), calls.begin('c', 0), calls.begin('a', 0)]).toEqual([60_000, 60_000, 0]);
  });
});

describe('a verifier that limits keys', () => {
  it('says when to come back, and counts nobody but programs', async () => {
    const of = (who: Principal) => limitingKeys({ verify: async () => who }, { begin: () => 1_500 });
    expect(await of(PERSON).verify('a.b.c')).toBe(PERSON);
    const failure = await failureOf(of(PROGRAM).verify('a.b.c'));
    expect(failure).toMatchObject({ code: 'ResourceExhausted', motivo: 'LIMITE_DE_REQUISICOES' });
  });
});
