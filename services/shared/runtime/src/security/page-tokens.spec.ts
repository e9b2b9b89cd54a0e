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
    // A version, and a proof that nobody guesses.
    expect(Buffer.from(token, 'base64url')).toHaveLength(1 + 16 + Buffer.byteLength(POSITION));
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

  it('outlives a release: what one has given, the next one takes', () => {
    const given = 'AVWuc_zI_oNdAQDtNA3OkvxbIlNhbGEgSXDDqiIsImVzcF8xIl0';
    expect([tokens.seal(POSITION, SCOPE), tokens.open(given, SCOPE)]).toEqual([given, POSITION]);
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
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const twins = alphabet.map((last) => token.slice(0, -1) + last);
    expect(twins).toContain(token);
    twins.push(`${token}=`, `${token}\n`, ` ${token}`, `${token.slice(0, 5)}!${token.slice(5)}`);
    expect(twins.filter((twin) => twin !== token && tokens.open(twin, SCOPE) !== undefined)).toEqual([]);
  });

  it('is never longer than the contracts allow', () => {
    const longest = (MAX_PAGE_TOKEN_LENGTH * 3) / 4 - 17;
    expect(tokens.seal('x'.repeat(longest), SCOPE)).toHaveLength(MAX_PAGE_TOKEN_LENGTH);
    expect(() => tokens.seal('x'.repeat(longest + 1), SCOPE)).toThrow('too long');
  });

  it('holds a position', () => {
    expect(tokens.open(tokens.seal('', SCOPE), SCOPE)).toBeUndefined();
    for (const length of [1, 16]) {
      const short = Buffer.from(tokens.seal(POSITION, SCOPE), 'base64url').subarray(0, length);
      expect(tokens.open(short.toString('base64url'), SCOPE)).toBeUndefined();
    }
  });

  it('needs a key', () => {
    expect(() => new PageTokens([], 'teste')).toThrow('page tokens need a key');
  });
});
