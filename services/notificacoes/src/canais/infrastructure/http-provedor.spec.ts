import { describe, expect, it } from '@jest/globals';
import { esperaPedida } from './http-provedor.ts';

const AGORA = Date.parse('2026-11-20T13:00:00Z');

describe('esperaPedida', () => {
  it.each<[Record<string, string>, number]>([
    [{}, 0],
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 13:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, 0],
    [{ 'retry-after': '-5' }, 0],
    [{ 'x-ratelimit-reset': String(AGORA / 1_000 + 90) }, 90_000],
    [{ 'x-ratelimit-reset': 'never' }, 0],
    [{ 'retry-after': '5', 'x-ratelimit-reset': String(AGORA / 1_000 + 90) }, 5_000],
  ])('reads %j', (cabecalhos, espera) => {
    expect(esperaPedida(new Headers(cabecalhos), AGORA)).toBe(espera);
  });
});
