import { describe, expect, it } from '@jest/globals';
import { Atingidos } from './atingidos.ts';

const COPIA = 'message: a copy of one that had come';

describe('Atingidos', () => {
  it('adds up what several schedules have met', () => {
    const [total, outros] = [new Atingidos(), new Atingidos()];
    for (const atingidos of [total, outros]) atingidos.conte(COPIA, 2);
    total.some(outros);
    expect(total.toString()).toBe(`       4  ${COPIA}`);
  });

  it('counts nothing that was not met', () => {
    const atingidos = new Atingidos();
    atingidos.conte('Stripe: cut before the effect', 0);
    expect(atingidos.toString()).toBe('');
  });

  it('names each kind that is met too seldom', () => {
    const atingidos = new Atingidos();
    atingidos.conte(COPIA, 1_499);
    const raros = atingidos.raros(150);
    expect(raros).toContain(`${COPIA}: 1499 times in 150 schedules, 1500 expected`);
    expect(raros).toContain('Stripe: cut before the effect: 0 times in 150 schedules, 1 expected');
    atingidos.conte(COPIA);
    expect(atingidos.raros(150)).toEqual(raros.filter((raro) => !raro.startsWith(COPIA)));
  });

  it('expects nothing rare of a few schedules', () => {
    expect(new Atingidos().raros(50).filter((raro) => raro.startsWith('Stripe'))).toEqual([]);
  });
});
