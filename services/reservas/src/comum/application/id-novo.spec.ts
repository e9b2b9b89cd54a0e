import { describe, expect, it } from '@jest/globals';
import { comIdNovo, IdRepetidoError } from './id-novo.ts';

describe('comIdNovo', () => {
  const numeros = () => {
    let ultimo = 0;
    return {
      async next(prefixo: string) {
        ultimo += 1;
        if (ultimo > 5) throw new Error('a sixth was asked for');
        return `${prefixo}_${ultimo}`;
      },
    };
  };

  it('gives up with the fifth identity that is taken: there is more amiss than a counter that went back', async () => {
    const tentados: string[] = [];
    const trabalho = comIdNovo(numeros(), 'res', async (id) => {
      tentados.push(id);
      throw new IdRepetidoError(`${id} is taken`);
    });
    await expect(trabalho).rejects.toThrow('res_5 is taken');
    expect(tentados).toHaveLength(5);
  });

  it('does not try again what failed for another reason', async () => {
    const tentados: string[] = [];
    const trabalho = comIdNovo(numeros(), 'res', async (id) => {
      tentados.push(id);
      throw new Error('no such space');
    });
    await expect(trabalho).rejects.toThrow('no such space');
    expect(tentados).toEqual(['res_1']);
  });
});
