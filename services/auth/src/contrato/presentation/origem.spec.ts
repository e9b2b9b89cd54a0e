import { describe, expect, it } from '@jest/globals';
import { callValues, setRequestId } from '@plataforma/runtime/call-context';
import { ClientAddresses } from '@plataforma/runtime/client-address';
import { origemPor } from './origem.ts';

const origemDe = origemPor(new ClientAddresses(['10.0.0.0/8']));

const call = (headers: Record<string, string>) => ({
  values: setRequestId(callValues('10.0.0.1:5000'), 'pedido-1'),
  requestHeader: new Headers(headers),
});

describe('where a call comes from', () => {
  it('is the address that the trusted proxies name, the device as it names itself, and the call', () => {
    const headers = { 'x-forwarded-for': '198.51.100.7', 'user-agent': ' Mozilla/5.0  (X11)\tFirefox/140 ' };
    expect(origemDe(call(headers))).toEqual({
      endereco: '198.51.100.7',
      dispositivo: 'Mozilla/5.0 (X11) Firefox/140',
      requisicao: 'pedido-1',
    });
  });

  it('has a device of at most 200 characters', () => {
    const { dispositivo } = origemDe(call({ 'user-agent': 'a'.repeat(5_000) }));
    expect(dispositivo).toBe(`${'a'.repeat(199)}…`);
  });

  it.each([
    ['nothing', {}],
    ['control characters', { 'user-agent': 'a\u0007b' }],
    ['nothing that one sees', { 'user-agent': '\u00ad' }],
  ])('has no device when the client sends %s', (_, headers) => {
    expect(origemDe(call(headers as Record<string, string>)).dispositivo).toBe('');
  });
});
