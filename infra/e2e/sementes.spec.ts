import { describe, expect, it } from '@jest/globals';
import { sementesPedidas } from './sementes.ts';

describe('sementesPedidas', () => {
  it('tries the first three where nothing is said', () => {
    expect(sementesPedidas({})).toEqual({ inicio: 1, quantas: 3 });
  });

  it('tries as many as it is told, from the one that it is told', () => {
    const env = { TORTURA_SEMENTES: '1', TORTURA_INICIO: '23' };
    expect(sementesPedidas(env)).toEqual({ inicio: 23, quantas: 1 });
  });

  it.each(['TORTURA_SEMENTES', 'TORTURA_INICIO'])('refuses a %s that would try nothing', (name) => {
    for (const text of ['abc', '0', '-1', '1.5']) {
      const sentence = `${name} needs a whole number from 1 to 2147483647, not "${text}"`;
      expect(() => sementesPedidas({ [name]: text })).toThrow(sentence);
    }
  });
});
