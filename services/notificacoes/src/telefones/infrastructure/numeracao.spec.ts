import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@plataforma/runtime/config';
import { numeracaoDe } from './numeracao.ts';
import { telefonesFields } from './telefones-config.ts';

describe('numeracaoDe', () => {
  it.each([
    ['a mobile number', '+5511987654321', true],
    ['a landline', '+551132654321', false],
    ['a mobile number without the ninth digit', '+551187654321', false],
    ['a number for which its caller pays more', '+5590012345678', false],
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
  });
});

describe('SMS_COUNTRIES', () => {
  it('is Brazil unless others are named, which must be countries', () => {
    expect(loadConfig({}, telefonesFields).smsCountries).toEqual(['BR']);
    expect(loadConfig({ SMS_COUNTRIES: 'BR,PT' }, telefonesFields).smsCountries).toEqual(['BR', 'PT']);
    expect(() => loadConfig({ SMS_COUNTRIES: 'BR,Portugal' }, telefonesFields)).toThrow('SMS_COUNTRIES');
  });
});
