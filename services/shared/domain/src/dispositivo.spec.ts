import { describe, expect, it } from '@jest/globals';
import { nomeDoDispositivo, nomeNaLista } from './dispositivo.ts';

describe('nomeDoDispositivo', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox no Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
      'Edge no Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
      'Chrome no Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari no iPhone',
    ],
    ['curl/8.5.0', ''],
    ['', ''],
  ])('calls %j %j', (userAgent, nome) => {
    expect(nomeDoDispositivo(userAgent)).toBe(nome);
  });

  it('repeats nothing of what its writer made up', () => {
    expect(nomeDoDispositivo('Ligue para +55 11 5555-5555 https://x.y Firefox/1.0')).toBe('Firefox');
  });
});

describe('nomeNaLista', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox no Linux'],
    ['curl/8.5.0', 'Dispositivo desconhecido'],
    ['<script>alert(1)</script>', 'Dispositivo desconhecido'],
    ['', 'Dispositivo desconhecido'],
  ])('calls %j %j', (userAgent, nome) => {
    expect(nomeNaLista(userAgent)).toBe(nome);
  });
});
