import { describe, expect, it } from '@jest/globals';
import { MalformedPathError, normalizePath } from './request-path.ts';

describe('normalizePath', () => {
  it.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/', '/a/'],
    ['//a///b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/.', '/a/'],
    ['/%2e%2e/b', '/b'],
    ['/a%2Fb%3a', '/a%2Fb%3A'],
    ['/S%C3%A3o%20A', '/São A'],
    ['/a..b/.c', '/a..b/.c'],
    ['/%7Euser', '/~user'],
  ])('turns %s into %s', (raw, expected) => {
    expect(normalizePath(raw)).toBe(expected);
  });

  it.each(['/%', '/%zz', '/%4', '/%00'])('refuses %s', (raw) => {
    expect(() => normalizePath(raw)).toThrow(MalformedPathError);
  });
});
