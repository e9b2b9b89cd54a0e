import { describe, expect, it } from '@jest/globals';
import { lerDestino } from './destino.ts';

const lido = (url: string, local = false) => {
  const destino = lerDestino(url, local);
  return destino.isSuccess ? destino.value : destino.error.message;
};

describe('lerDestino', () => {
  it.each([
    ['https://exemplo.com/eventos?a=b', 'exemplo.com'],
    ['https://exemplo.com:443/', 'exemplo.com'],
    ['https://exemplo.com:8443/', 'exemplo.com'],
    ['https://exemplo.com:08443/', 'exemplo.com'],
    ['https://exemplo.com\\@10.0.0.1/', 'exemplo.com'],
    ['https://exemplo.com?@10.0.0.1/', 'exemplo.com'],
    ['HTTPS://EXEMPLO.COM/', 'exemplo.com'],
    ['https://ganchos.acme-loja.com.br/x', 'ganchos.acme-loja.com.br'],
    ['https://café.com/', 'xn--caf-dma.com'],
    ['https://1.1.1.1/', '1.1.1.1'],
    ['https://[2606:4700:4700::1111]/', '2606:4700:4700::1111'],
  ])('takes %s', (url, host) => {
    expect(lido(url)).toMatchObject({ host, local: false });
  });

  it.each([
    ['http', 'http://exemplo.com/', 'https'],
    ['another scheme', 'ftp://exemplo.com/', 'https'],
    ['a file', 'file:///etc/passwd', 'https'],
    ['no URL', 'exemplo.com', 'não é uma URL'],
    ['a user', 'https://user@exemplo.com/', 'usuário'],
    ['a host that looks like another', 'https://exemplo.com@10.0.0.1/', 'usuário'],
    ['a password', 'https://:senha@exemplo.com/', 'usuário'],
    ['a fragment', 'https://exemplo.com/#x', 'fragmento'],
    ['another port', 'https://exemplo.com:22/', 'portas'],
    ['a port of something inside', 'https://exemplo.com:6379/', 'portas'],
    ['loopback', 'https://127.0.0.1/', 'não é público'],
    ['loopback in one number', 'https://2130706433/', 'não é público'],
    ['loopback in octal', 'https://0177.0.0.1/', 'não é público'],
    ['loopback in hexadecimal', 'https://0x7f000001/', 'não é público'],
    ['loopback in parts', 'https://0x7f.1/', 'não é público'],
    ['loopback, short', 'https://127.1/', 'não é público'],
    ['zero', 'https://0/', 'não é público'],
    ['full-width digits', 'https://１２７.０.０.１/', 'não é público'],
    ['dots of another kind', 'https://127。0。0。1/', 'não é público'],
    ['encoded digits', 'https://%31%32%37.0.0.1/', 'não é público'],
    ['metadata of clouds', 'https://169.254.169.254/latest/meta-data/', 'não é público'],
    ['private', 'https://192.168.0.1/', 'não é público'],
    ['IPv6 loopback', 'https://[::1]/', 'não é público'],
    ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/', 'não é público'],
    ['IPv4 in IPv6, in hexadecimal', 'https://[::ffff:7f00:1]/', 'não é público'],
    ['unique local', 'https://[fd00::1]/', 'não é público'],
    ['NAT64', 'https://[64:ff9b::7f00:1]/', 'não é público'],
    ['NAT64 of a network', 'https://[64:ff9b:1::a00:1]/', 'não é público'],
    ['IPv4-compatible', 'https://[::127.0.0.1]/', 'não é público'],
    ['IPv4-translated', 'https://[::ffff:0:7f00:1]/', 'não é público'],
    ['Teredo', 'https://[2001:0:7f00:1::]/', 'não é público'],
    ['the unspecified address', 'https://[::]/', 'não é público'],
    ['an address with a zone', 'https://[fe80::1%25eth0]/', 'não é uma URL'],
    ['circled digits', 'https://①②⑦.0.0.1/', 'não é público'],
    ['loopback with a dot at its end', 'https://127.0.0.1./', 'não é público'],
    ['hexadecimal with a dot at its end', 'https://0x7f.0.0.1./', 'não é público'],
    ['octal with many zeros', 'https://0000000000177.0.0.1/', 'não é público'],
    ['more than an address has', 'https://4294967296/', 'não é uma URL'],
    ['five numbers', 'https://1.2.3.4.5/', 'não é uma URL'],
    ['one slash', 'https:/10.0.0.1/', 'não é público'],
    ['no slash', 'https:10.0.0.1/', 'não é público'],
    ['backslashes', 'https:\\\\10.0.0.1/', 'não é público'],
    ['a tab within', 'https://10.0.\t0.1/', 'não é público'],
    ['a NUL', 'https://exemplo.com%00.10.0.0.1/', 'não é uma URL'],
    ['a circled name of this machine', 'https://ⓛocalhost/', 'não é público'],
    ['a local name with a dot at its end', 'https://a.local./', 'não é público'],
    ['6to4', 'https://[2002:7f00:1::]/', 'não é público'],
    ['this machine by name', 'https://localhost/', 'não é público'],
    ['this machine by a name below', 'https://a.localhost/', 'não é público'],
    ['a name of one label', 'https://intranet/', 'não é público'],
    ['a name with a dot at its end', 'https://exemplo.com./', 'não é público'],
    ['a name of the local network', 'https://impressora.local/', 'não é público'],
    ['a name inside a cluster or cloud', 'https://metadata.google.internal/', 'não é público'],
    ['too long', `https://exemplo.com/${'a'.repeat(2_048)}`, 'não é uma URL'],
  ])('refuses %s: %s', (_, url, porque) => {
    expect(lido(url)).toContain(porque);
  });

  it.each(['http://127.0.0.1:3000/x', 'http://localhost:3000/', 'http://[::1]:3000/', 'https://127.0.0.1/'])(
    'takes %s where this machine may be named',
    (url) => {
      expect(typeof lido(url)).toBe('string');
      expect(lido(url, true)).toMatchObject({ local: true });
    },
  );

  it.each(['http://10.0.0.1/', 'http://exemplo.com/', 'https://192.168.0.1/', 'ftp://127.0.0.1/'])(
    'refuses %s there, too',
    (url) => {
      expect(typeof lido(url, true)).toBe('string');
    },
  );
});
