import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../test/failure-of.ts';
import type { Principal } from '../rpc/principal.ts';
import type { Acesso } from '../rpc/rpc.ts';
import { admit, allows, authenticate } from './bearer.ts';

const CALLER: Principal = {
  id: 'cli_1',
  tipo: 'USUARIO',
  papeis: ['GESTOR'],
  geracao: 1,
  emitidoEm: new Date(0),
  token: 'a.b-c_d',
};

/** Takes every token, and notes which. */
function verifier() {
  const asked: string[] = [];
  const verify = async (token: string) => {
    asked.push(token);
    return CALLER;
  };
  return { asked, verify };
}

describe('an Authorization header', () => {
  it.each(['Bearer a.b-c_d', 'bearer   a.b-c_d'])('names the caller by a token: %j', async (header) => {
    const tokens = verifier();
    expect(await authenticate(header, tokens)).toBe(CALLER);
    expect(tokens.asked).toEqual(['a.b-c_d']);
  });

  it.each([null, undefined])('that is not there says so', async (header) => {
    expect(await failureOf(authenticate(header, verifier()))).toMatchObject({ motivo: 'NAO_AUTENTICADO' });
  });

  it.each(['', 'Bearer', 'Bearer ', 'a.b-c_d', 'Basic a.b-c_d', 'Bearer a b', 'Bearer a\nb', 'Bearer ção'])(
    'without a token in it is refused before anybody looks at it: %j',
    async (header) => {
      const tokens = verifier();
      expect(await failureOf(authenticate(header, tokens))).toMatchObject({
        code: 'Unauthenticated',
        motivo: 'TOKEN_INVALIDO',
      });
      expect(tokens.asked).toEqual([]);
    },
  );
});

describe('an access rule', () => {
  const gestor = CALLER;
  const cliente: Principal = { ...CALLER, papeis: ['CLIENTE'] };
  const reservas: Principal = { ...CALLER, id: 'reservas', tipo: 'SERVICO', papeis: [] };

  it.each<[string, Exclude<Acesso, 'PUBLICO'>, boolean[]]>([
    ['everybody with an account', 'AUTENTICADO', [true, true, false]],
    ['a role', { papeis: ['ADMIN', 'GESTOR'] }, [true, false, false]],
    ['a service', { servicos: ['reservas'] }, [false, false, true]],
    ['another service', { servicos: ['pagamentos'], papeis: ['GESTOR'] }, [true, false, false]],
    ['nobody', {}, [false, false, false]],
  ])('lets in %s alone', (_, acesso, expected) => {
    expect([gestor, cliente, reservas].map((who) => allows(acesso, who))).toEqual(expected);
  });

  it.each<[string, Exclude<Acesso, 'PUBLICO'>, boolean]>([
    ['its scope and its owner', { papeis: ['GESTOR'], escopo: 'reservas:ler' }, true],
    ['another scope', { papeis: ['GESTOR'], escopo: 'reservas:escrever' }, false],
    ['no scope', { papeis: ['GESTOR'] }, false],
    ['its scope and not its owner', { papeis: ['ADMIN'], escopo: 'reservas:ler' }, false],
    ['everybody with an account', 'AUTENTICADO', false],
    ['a service', { servicos: ['cli_1'], escopo: 'reservas:ler' }, false],
  ])('with %s lets a key in: %#', (_, acesso, expected) => {
    expect(allows(acesso, { ...gestor, escopos: ['reservas:ler', 'espacos:ler'] })).toBe(expected);
    expect(allows(acesso, { ...gestor, escopos: [] })).toBe(false);
  });

  it('tells a key which scope it lacks, where that is what is lacking', async () => {
    const chave = { ...gestor, escopos: ['espacos:ler'] };
    const lacking = async (acesso: Exclude<Acesso, 'PUBLICO'>, who: Principal) =>
      failureOf((async () => admit(acesso, who))());
    const rule: Acesso = { papeis: ['GESTOR'], escopo: 'reservas:ler' };
    expect(await lacking(rule, chave)).toMatchObject({ code: 'PermissionDenied', motivo: 'ACESSO_NEGADO' });
    await expect((async () => admit(rule, chave))()).rejects.toThrow('reservas:ler');
    await expect((async () => admit('AUTENTICADO', chave))()).rejects.toThrow('Você não tem permissão');
    await expect((async () => admit({ ...rule, papeis: ['ADMIN'] }, cliente))()).rejects.toThrow(
      'Você não tem',
    );
    expect(() => admit(rule, gestor)).not.toThrow();
  });

  it('takes a service that carries a role for a service still', () => {
    expect(allows({ papeis: ['ADMIN'] }, { ...reservas, papeis: ['ADMIN'] })).toBe(false);
  });
});
