import { describe, expect, it } from '@jest/globals';
import { type Sementes, sementesDe, sementesPedidas } from './sementes.ts';

describe('sementesPedidas', () => {
  it('tries at least three from the first, for two and a half minutes, where nothing is said', () => {
    expect(sementesPedidas({})).toEqual({ inicio: 1, minimo: 3, segundos: 150 });
  });

  it('tries as many as it is told and no more, from the one that it is told', () => {
    const env = { TORTURA_SEMENTES: '1', TORTURA_INICIO: '23' };
    expect(sementesPedidas(env)).toEqual({ inicio: 23, minimo: 1, segundos: 0 });
  });

  it('takes an empty variable for none', () => {
    const env = { TORTURA_SEMENTES: '', TORTURA_INICIO: '', TORTURA_SEGUNDOS: ' ' };
    expect(sementesPedidas(env)).toEqual(sementesPedidas({}));
    expect(sementesPedidas({ ...env, TORTURA_SEMENTES: '2' })).toMatchObject({ minimo: 2, segundos: 0 });
  });

  it('takes the time that it is given', () => {
    expect(sementesPedidas({ TORTURA_SEGUNDOS: '600' })).toEqual({ inicio: 1, minimo: 3, segundos: 600 });
    const env = { TORTURA_SEGUNDOS: '600', TORTURA_SEMENTES: '10' };
    expect(sementesPedidas(env)).toMatchObject({ minimo: 10, segundos: 600 });
  });

  it.each(['TORTURA_SEMENTES', 'TORTURA_SEGUNDOS', 'TORTURA_INICIO'])(
    'refuses a %s that would try nothing',
    (name) => {
      for (const text of ['abc', '0', '-1', '1.5']) {
        const sentence = `${name} needs a whole number from 1 to 2147483647, not "${text}"`;
        expect(() => sementesPedidas({ [name]: text })).toThrow(sentence);
      }
    },
  );
});

describe('sementesDe', () => {
  /** What comes when each schedule takes so many seconds. */
  function tentadas(pedidas: Sementes, segundos: number): number[] {
    let agora = 0;
    const feitas: number[] = [];
    for (const semente of sementesDe(pedidas, 10, () => agora)) {
      feitas.push(semente);
      agora += segundos * 1000;
    }
    return feitas;
  }

  it('gives each scenario its share of the time', () => {
    expect(tentadas({ inicio: 7, minimo: 3, segundos: 60 }, 1)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('never gives less than the minimum, however slow the machine is', () => {
    expect(tentadas({ inicio: 1, minimo: 3, segundos: 60 }, 100)).toEqual([1, 2, 3]);
  });

  it('gives exactly the number that was asked for when no time is given', () => {
    expect(tentadas({ inicio: 1, minimo: 2, segundos: 0 }, 0)).toEqual([1, 2]);
  });
});
