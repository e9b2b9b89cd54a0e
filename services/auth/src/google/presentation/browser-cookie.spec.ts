import { describe, expect, it } from '@jest/globals';
import { BrowserCookie } from './browser-cookie.ts';

const VALUE = 'a'.repeat(43);
const secure = new BrowserCookie({ secure: true });

function given(cookie?: string) {
  const requestHeader = new Headers(cookie === undefined ? {} : { cookie });
  const responseHeader = new Headers();
  const value = secure.give({ requestHeader, responseHeader });
  return { value, header: responseHeader.get('set-cookie') };
}

describe('the cookie that ties an attempt to a browser', () => {
  it('is kept from scripts, other sites, plain HTTP and neighbouring names', () => {
    const { value, header } = given();
    expect(header).toBe(`__Host-google=${value}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure`);
    expect(value).toMatch(/^[\w-]{43}$/);
  });

  it('is new for a browser that has none, and stays the same for one that has', () => {
    expect(given().value).not.toBe(given().value);
    expect(given(`__Host-google=${VALUE}`)).toMatchObject({ value: VALUE });
  });

  it.each([
    [`__Host-google=${VALUE}`],
    [`a=b; __Host-google=${VALUE}; c=d`],
    [`a=b, __Host-google=${VALUE}`],
  ])('is found in "%s"', (cookie) => {
    expect(secure.read({ requestHeader: new Headers({ cookie }) })).toBe(VALUE);
  });

  it.each([
    ['google', `google=${VALUE}`],
    ['another that ends like it', `x__Host-google=${VALUE}`],
    ['one that is too short', '__Host-google=abc'],
    ['one that is too long', `__Host-google=${VALUE}a`],
  ])('is not %s', (_, cookie) => {
    expect(secure.read({ requestHeader: new Headers({ cookie }) })).toBeUndefined();
    expect(given(cookie).value).not.toBe(VALUE);
  });
});
