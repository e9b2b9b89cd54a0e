import { describe, expect, it } from '@jest/globals';
import { Passkey } from './passkey.ts';

const START = new Date('2026-11-30T12:00:00Z');

const used = (contador: number, before: number) =>
  passkey(before).usar({ contador, sincronizada: false, verificouPessoa: true }, START);

function passkey(contador = 0): Passkey {
  return Passkey.registrar({
    ...{ id: 'p', usuarioId: 'cli_1', nome: 'Telefone', contador, transportes: [], criadoEm: START },
    ...{ credencial: Buffer.alloc(16), titular: Buffer.alloc(32), chavePublica: Buffer.alloc(77) },
    ...{ sincronizavel: true, sincronizada: false },
  });
}

describe('a counter', () => {
  it.each([
    [0, 0, true],
    [0, 1, true],
    [1, 2, true],
    [4_294_967_294, 4_294_967_295, true],
    [1, 1, false],
    [2, 1, false],
    [1, 0, false],
  ])('of %i may be followed by %i: %s', (before, contador, due) => {
    expect(used(contador, before)).toBe(due);
  });
});

describe('a use', () => {
  it('is remembered, with what the device says of its copies', () => {
    const one = passkey();
    one.usar({ contador: 3, sincronizada: true, verificouPessoa: false }, START);
    expect(one.estado).toMatchObject({ contador: 3, sincronizada: true, usadoEm: START });
  });

  it('that is refused changes nothing', () => {
    const one = passkey(5);
    const before = one.estado;
    one.usar({ contador: 5, sincronizada: true, verificouPessoa: true }, START);
    expect(one.estado).toBe(before);
  });

  it('may be proved for five minutes', () => {
    const one = passkey();
    one.provar(Buffer.alloc(32), START);
    expect(one.estado.prova?.expiraEm).toEqual(new Date('2026-11-30T12:05:00Z'));
  });
});
