import { describe, expect, it } from '@jest/globals';
import { Encounters } from './encounters.ts';

const COPY = 'message: a copy of one that had come';

describe('Encounters', () => {
  it('adds up what several schedules have met', () => {
    const [total, others] = [new Encounters(), new Encounters()];
    for (const encounters of [total, others]) encounters.count(COPY, 2);
    total.add(others);
    expect(total.toString()).toBe(`       4  ${COPY}`);
  });

  it('counts nothing that was not met', () => {
    const encounters = new Encounters();
    encounters.count('Stripe: cut before the effect', 0);
    expect(encounters.toString()).toBe('');
  });

  it('names each kind that is met too seldom', () => {
    const encounters = new Encounters();
    encounters.count(COPY, 1_499);
    const tooRare = encounters.tooRare(150);
    expect(tooRare).toContain(`${COPY}: 1499 times in 150 schedules, 1500 expected`);
    expect(tooRare).toContain('Stripe: cut before the effect: 0 times in 150 schedules, 1 expected');
    encounters.count(COPY);
    expect(encounters.tooRare(150)).toEqual(tooRare.filter((rare) => !rare.startsWith(COPY)));
  });

  it('expects nothing rare of a few schedules', () => {
    expect(new Encounters().tooRare(50).filter((rare) => rare.startsWith('Stripe'))).toEqual([]);
  });
});
