import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ReplySeal } from './reply-seal.ts';

const [old, current] = [randomBytes(32), randomBytes(32)];
const owner = { escopo: 'USUARIO:cli_1', chave: 'k1' };
const reply = Buffer.from('https://exemplo/calendarios/segredo.ics');

describe('ReplySeal', () => {
  it('hides an answer and gives it back, also under a key that is not the newest', () => {
    const sealed = new ReplySeal([old], 'reservas').seal(reply, owner);
    expect(sealed.includes('segredo')).toBe(false);
    expect(new ReplySeal([current, old], 'reservas').open(sealed, owner)).toEqual(reply);
  });

  it('takes what earlier releases have stored as it is', () => {
    expect(new ReplySeal([current], 'reservas').open(Buffer.from([0x1a, 0]), owner)).toEqual(
      Buffer.from([0x1a, 0]),
    );
  });

  it('opens for nobody else, nor with another key, nor for another service', () => {
    const seal = new ReplySeal([current], 'reservas');
    const sealed = seal.seal(reply, owner);
    const broken = Buffer.from(sealed);
    broken.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    for (const open of [
      () => seal.open(sealed, { ...owner, escopo: 'USUARIO:cli_2' }),
      () => seal.open(sealed, { ...owner, chave: 'k2' }),
      () => new ReplySeal([old], 'reservas').open(sealed, owner),
      () => new ReplySeal([current], 'auth').open(sealed, owner),
      () => seal.open(broken, owner),
      () => seal.open(sealed.subarray(0, 20), owner),
    ])
      expect(open).toThrow();
  });
});
