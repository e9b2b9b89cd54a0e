import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@plataforma/runtime/config';
import { numeracaoDe } from './numeracao.ts';
import { telefonesFields } from './telefones-config.ts';

describe('numeracaoDe', () => {
  it.each([
    ['a mobile number', '+5511987654321', true],
    ['a landline', '+551132654321', false],
    ['a mobile number without the ninth digit', '+551187654321', false],
    ['one of the digits that were mobile once, which trunked radio has kept', '+551178901234', false],
    ['one digit too many', '+55119876543210', false],
    ['a number of no area', '+5520987654321', false],
    ['a number for which its caller pays more (0900)', '+559001234567', false],
    ['a number of a donation (0500)', '+555001234567', false],
    ['a number of shared cost (0300)', '+553001234567', false],
    ['a number of a company, by area', '+551140041234', false],
    ['a number of a company, for the whole country', '+5540041234', false],
    ['an emergency', '+55190', false],
    ['a short code', '+5528149', false],
    ['a number of a premium service of no country', '+979123456789', false],
    ['a country that shares its code with another one', '+18765550123', false],
    ['an extension', '+5511987654321;ext=1', false],
    ['an address', 'tel:+5511987654321', false],
    ['a line break after it', '+5511987654321\n', false],
    ['a NUL after it', '+5511987654321\0', false],
    ['a mark of direction before it', '\u200f+5511987654321', false],
    ['a soft hyphen in it', '+55\u00ad11987654321', false],
    ['another plus', '＋5511987654321', false],
    ['a toll-free number', '+558001234567', false],
    ['a mobile number of a country that is not written to', '+351912345678', false],
    ['a satellite', '+8816123456', false],
    ['a number as people write it', '+55 11 98765-4321', false],
    ['a number without its country', '11987654321', false],
    ['digits that are none', '+5511999', false],
    ['other digits', '+55١١٩٨٧٦٥٤٣٢١', false],
    ['nothing', '', false],
    ['10 kB', `+55${'9'.repeat(10_000)}`, false],
  ])('takes %s: %j, or not', (_, numero, aceita) => {
    expect(numeracaoDe(['BR']).aceita(numero)).toBe(aceita);
  });

  it('takes numbers of the countries that are configured, also where a landline looks the same', () => {
    expect(numeracaoDe(['PT', 'US']).aceita('+351912345678')).toBe(true);
    expect(numeracaoDe(['PT', 'US']).aceita('+12015550123')).toBe(true);
    expect(numeracaoDe(['US']).aceita('+5511987654321')).toBe(false);
    expect(numeracaoDe([]).aceita('+5511987654321')).toBe(false);
    expect(numeracaoDe(['MX']).aceita('+525512345678')).toBe(true);
  });

  it.each([
    ['a number of a service that is paid by its caller', '+19005550123'],
    ['a number that rings elsewhere, at another price', '+15005550006'],
    ['a toll-free number', '+18005550123'],
    ['a number that follows its owner', '+447012345678'],
    ['an island that shares the code of a country', '+447624123456'],
  ])('takes %s of no country', (_, numero) => {
    expect(numeracaoDe(['US', 'GB']).aceita(numero)).toBe(false);
  });

  it('looks at 10 kB no longer than at a number', () => {
    const numeracao = numeracaoDe(['BR']);
    const inicio = performance.now();
    for (const um of ['9', '(-', '+', '\u200f', ';ext=']) numeracao.aceita(`+55${um.repeat(5_000)}`);
    expect(performance.now() - inicio).toBeLessThan(200);
  });
});

describe('SMS_COUNTRIES', () => {
  it('is Brazil unless others are named, which must be countries', () => {
    expect(loadConfig({}, telefonesFields).smsCountries).toEqual(['BR']);
    expect(loadConfig({ SMS_COUNTRIES: 'BR,PT' }, telefonesFields).smsCountries).toEqual(['BR', 'PT']);
    expect(() => loadConfig({ SMS_COUNTRIES: 'BR,Portugal' }, telefonesFields)).toThrow('SMS_COUNTRIES');
  });
});
