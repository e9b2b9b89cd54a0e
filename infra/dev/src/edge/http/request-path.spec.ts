import { describe, expect, it } from '@jest/globals';
import { escapePath, MalformedPathError, normalizePath, parseTarget } from './request-path.ts';

describe('normalizePath', () => {
  it.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/', '/a/'],
    ['//a///b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/.', '/a/'],
    ['/a/%2e%2e/b', '/b'],
    ['/a%2Fb%3a', '/a%2Fb%3A'],
    ['/S%C3%A3o%20A', '/São A'],
    ['/a..b/.c', '/a..b/.c'],
    ['/%7Euser', '/~user'],
  ])('turns %s into %s', (raw, expected) => {
    expect(normalizePath(raw)).toEqual({ path: expected, isText: true });
  });

  it.each(['/%FF', '/a/%E3/b', '/%C3'])('tells that %s is no UTF-8', (raw) => {
    expect(normalizePath(raw)).toMatchObject({ isText: false });
  });

  it.each(['/%', '/%zz', '/%4', '/%00', '/..', '/a/../../b', '/%2e%2e/b'])('refuses %s', (raw) => {
    expect(() => normalizePath(raw)).toThrow(MalformedPathError);
  });
});

describe('escapePath', () => {
  it.each([
    ['/a-b_c.d~e', '/a-b_c.d~e'],
    ["/!#$&'()*+,:;=?@[]", "/!#$&'()*+,:;=?@[]"],
    ['/a%2Fb', '/a%2Fb'],
    ['/São "😀"', '/S%C3%A3o%20%22%F0%9F%98%80%22'],
  ])('turns %s into %s', (path, expected) => {
    expect(escapePath(path)).toBe(expected);
  });
});

describe('parseTarget', () => {
  const parsed = (url: string) => parseTarget({ url });

  it.each([
    ['/a%2f//b?x=//y', '/a%2f//b', '/a%2F/b', 'x=//y'],
    ['/a?b?c', '/a', '/a', 'b?c'],
    ['http://outro.com/a?b', '/a', '/a', 'b'],
    ['HTTPS://outro.com', '/', '/', ''],
    ['http://outro.com?b', '/', '/', 'b'],
  ])('reads %s', (url, rawPath, path, rawQuery) => {
    expect(parsed(url)).toEqual({ rawPath, path, rawQuery, isText: true });
  });

  it.each(['*', 'outro.com:443', 'ftp://outro.com/a', ''])('takes "%s" for no path', (url) => {
    expect(() => parsed(url)).toThrow(MalformedPathError);
  });
});
