import { describe, expect, it } from '@jest/globals';
import { canonicalForm, decodeForm, MalformedFormError } from './form.ts';

const plain = (encoded: string) => JSON.parse(JSON.stringify(decodeForm(encoded))) as unknown;

describe('decodeForm', () => {
  it('nests by brackets when names are encoded or not', () => {
    expect(plain('line_items[0][price_data][currency]=brl&line_items%5B0%5D%5Bquantity%5D=2')).toEqual({
      line_items: { 0: { price_data: { currency: 'brl' }, quantity: '2' } },
    });
  });

  it('appends when the brackets are empty', () => {
    expect(plain('expand[]=a&expand[]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } });
  });

  it('decodes plus signs, accents and empty values', () => {
    expect(plain('nome=Sala+Ip%C3%AA&x=')).toEqual({ nome: 'Sala Ipê', x: '' });
  });

  it('keeps a key named __proto__ as data', () => {
    const form = decodeForm('metadata[__proto__]=x&__proto__[poluido]=sim');
    expect(Object.keys(form)).toEqual(['metadata', '__proto__']);
    expect(({} as Record<string, unknown>).poluido).toBeUndefined();
  });

  it.each(['a[b=1', '[a]=1', 'a]b=1', 'a[b]c=1', 'a=%E0%A4%A', 'a=1&a[b]=2', 'a[b]=1&a=2'])(
    'refuses %s when it is malformed',
    (encoded) => {
      expect(() => decodeForm(encoded)).toThrow(MalformedFormError);
    },
  );

  it('refuses a name when it nests too deeply', () => {
    expect(() => decodeForm(`a${'[b]'.repeat(50)}=1`)).toThrow(MalformedFormError);
  });
});

describe('canonicalForm', () => {
  it('is equal when only the order of the fields differs', () => {
    expect(canonicalForm(decodeForm('a=1&b[c]=2&b[d]=3'))).toBe(
      canonicalForm(decodeForm('b[d]=3&b[c]=2&a=1')),
    );
  });

  it('differs when a value or the nesting differs', () => {
    const texts = ['a=1', 'a=2', 'a[b]=1', 'b=1', ''].map((form) => canonicalForm(decodeForm(form)));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
