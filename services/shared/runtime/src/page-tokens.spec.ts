import { describe, expect, it } from '@jest/globals';
import { MAX_PAGE_TOKEN_LENGTH, PageTokens } from './page-tokens.ts';

const OLD = Buffer.alloc(32, 1);
const NEW = Buffer.alloc(32, 2);
const SCOPE = { list: 'teste.v1.EcoService/Listar', filter: Buffer.from('a'), caller: 'USUARIO:cli_1' };
const POSITION = '["Sala Ipê","esp_1"]';

const tokens = new PageTokens([OLD], 'teste');

describe('a sealed page token', () => {
  it('gives its position back for the same list, filter and caller, and fits into an address', () => {
    const token = tokens.seal(POSITION, SCOPE);
    expect(token).toMatch(/^[\w-]+$/);
    expect(tokens.open(token, SCOPE)).toBe(POSITION);
  });

  it.each([
    ['list', { list: 'teste.v1.EcoService/Outra' }],
    ['filter', { filter: Buffer.from('b') }],
    ['caller', { caller: 'USUARIO:cli_2' }],
    ['kind of caller', { caller: 'SERVICO:cli_1' }],
    ['border between two parts', { list: `${SCOPE.list}a`, filter: Buffer.alloc(0) }],
  ])('is worth nothing for another %s', (_, other) => {
    expect(tokens.open(tokens.seal(POSITION, SCOPE), { ...SCOPE, ...other })).toBeUndefined();
  });

  it('is worth nothing in another service with the same keys', () => {
    expect(new PageTokens([OLD], 'outro').open(tokens.seal(POSITION, SCOPE), SCOPE)).toBeUndefined();
  });

  it('outlives a rotation as long as its key is listed, while the first key signs', () => {
    const rotated = new PageTokens([NEW, OLD], 'teste');
    expect(rotated.open(tokens.seal(POSITION, SCOPE), SCOPE)).toBe(POSITION);
    expect(tokens.open(rotated.seal(POSITION, SCOPE), SCOPE)).toBeUndefined();
    expect(new PageTokens([NEW], 'teste').open(tokens.seal(POSITION, SCOPE), SCOPE)).toBeUndefined();
  });

  it('has one spelling: no bit of it can be changed', () => {
    const bytes = Buffer.from(tokens.seal(POSITION, SCOPE), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.open(changed.toString('base64url'), SCOPE)).toBeUndefined();
    }
    const token = tokens.seal('["x","y"]', SCOPE);
    const twins = [...'ABCDEFGHIJKLMNOP'].map((last) => token.slice(0, -1) + last);
    expect(twins.filter((twin) => twin !== token && tokens.open(twin, SCOPE) !== undefined)).toEqual([]);
  });

  it('is not looked at beyond its largest length, and never made longer', () => {
    expect(tokens.open('A'.repeat(MAX_PAGE_TOKEN_LENGTH + 1), SCOPE)).toBeUndefined();
    expect(() => tokens.seal('x'.repeat(MAX_PAGE_TOKEN_LENGTH), SCOPE)).toThrow('too long');
  });

  it('needs a key', () => {
    expect(() => new PageTokens([], 'teste')).toThrow('page tokens need a key');
  });
});
