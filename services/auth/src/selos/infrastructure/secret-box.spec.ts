import { describe, expect, it } from '@jest/globals';
import { deriveKey, open, seal } from './secret-box.ts';

const key = Buffer.alloc(32, 1);
const plain = Buffer.from('a private key');
const sealed = seal(key, plain, 'kid-1');

describe('a sealed text', () => {
  it('is opened with its key and its context', () => {
    expect(open(key, sealed, 'kid-1')).toEqual(plain);
    expect(sealed.includes(plain)).toBe(false);
    expect(seal(key, plain, 'kid-1')).not.toEqual(sealed);
  });

  it.each([
    ['another key', () => open(Buffer.alloc(32, 2), sealed, 'kid-1')],
    ['another context', () => open(key, sealed, 'kid-2')],
    ['no context', () => open(key, sealed, '')],
    ['a shortened proof', () => open(key, seal(key, Buffer.alloc(0), 'kid-1').subarray(0, 16), 'kid-1')],
    ['an end cut off', () => open(key, sealed.subarray(0, -1), 'kid-1')],
  ])('stays shut with %s', (_, attempt) => {
    expect(attempt).toThrow();
  });

  it.each([0, 12, 28])('stays shut when a bit of it differs: byte %i', (at) => {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => open(key, changed, 'kid-1')).toThrow();
  });
});

describe('deriveKey', () => {
  it('makes 32 bytes for one purpose, the same every time', () => {
    expect(deriveKey(key, 'um')).toHaveLength(32);
    expect(deriveKey(key, 'um')).toEqual(deriveKey(key, 'um'));
    expect(deriveKey(key, 'um')).not.toEqual(deriveKey(key, 'outro'));
    expect(deriveKey(key, 'um')).not.toEqual(deriveKey(Buffer.alloc(32, 2), 'um'));
  });
});
