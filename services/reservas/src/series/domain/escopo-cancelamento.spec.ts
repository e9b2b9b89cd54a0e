import { describe, expect, it } from '@jest/globals';
import { escolherOcorrencias } from './escopo-cancelamento.ts';

const SERIE = ['res_1', 'res_2', 'res_3'].map((id) => ({ id }));

describe('the scope of a cancellation', () => {
  it.each([
    ['ESTA', ['res_2']],
    ['ESTA_E_SEGUINTES', ['res_2', 'res_3']],
    ['TODAS', ['res_1', 'res_2', 'res_3']],
  ] as const)('%s means its reservations', (escopo, ids) => {
    const escolhidas = escolherOcorrencias(SERIE, escopo, 'res_2');
    expect(escolhidas.isSuccess && escolhidas.value.map(({ id }) => id)).toEqual(ids);
  });

  it('needs a reservation of the series, except for all of them', () => {
    expect(escolherOcorrencias(SERIE, 'ESTA', 'res_9').isFailure).toBe(true);
    expect(escolherOcorrencias(SERIE, 'ESTA_E_SEGUINTES', '').isFailure).toBe(true);
    expect(escolherOcorrencias(SERIE, 'TODAS', '').isSuccess).toBe(true);
  });
});
