import { describe, expect, it } from '@jest/globals';
import { siteOf } from './site.ts';

const site = (passkeyRpId: string, ...passkeyOrigins: string[]) => siteOf({ passkeyRpId, passkeyOrigins });
const APP = `android:apk-key-hash:${'A'.repeat(43)}`;

describe('the site of passkeys', () => {
  it.each([
    ['localhost', ['http://localhost:8000']],
    ['localhost', ['http://app.localhost:3000', 'https://localhost']],
    ['exemplo.com', ['https://exemplo.com', 'https://app.exemplo.com:8443', APP]],
  ])('may be %s with %j', (rpId, origins) => {
    expect(site(rpId, ...origins)).toEqual({ rpId, origins });
  });

  it.each([
    ['a number for a domain', '127.0.0.1', ['http://127.0.0.1:8000']],
    ['a domain in capitals', 'Exemplo.com', ['https://exemplo.com']],
    ['a domain with a port', 'exemplo.com:443', ['https://exemplo.com']],
    ['an empty domain', '', ['https://exemplo.com']],
    ['no page', 'exemplo.com', []],
    ['a page without TLS', 'exemplo.com', ['http://exemplo.com']],
    ['a page of another domain', 'exemplo.com', ['https://exemplo.com.malvado.com']],
    ['a domain that ends alike', 'exemplo.com', ['https://malexemplo.com']],
    ['a page with a path', 'exemplo.com', ['https://exemplo.com/']],
    ['a page with a port that browsers leave out', 'exemplo.com', ['https://exemplo.com:443']],
    ['an app without its digest', 'exemplo.com', ['android:apk-key-hash:']],
    ['a text', 'exemplo.com', ['exemplo.com']],
  ])('is not configured with %s', (_, rpId, origins) => {
    expect(() => site(rpId, ...origins)).toThrow('PASSKEY_');
  });
});
