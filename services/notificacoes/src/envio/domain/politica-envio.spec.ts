import { describe, expect, it } from '@jest/globals';
import { depoisDaFalha, MAX_RECUSAS, VALIDADE_MS } from './politica-envio.ts';

const devidaEm = new Date('2026-11-23T12:00:00Z');
const daqui = (ms: number) => new Date(devidaEm.getTime() + ms);

describe('depoisDaFalha', () => {
  it.each([
    [0, 30_000],
    [1, 60_000],
    [2, 120_000],
    [6, 1_920_000],
  ])('tries again with growing pauses when %i refusals came before', (recusas, espera) => {
    const decisao = depoisDaFalha('TEMPORARIA', { recusas, adiamentos: 0, devidaEm }, devidaEm);
    expect(decisao).toEqual({ tipo: 'REPETIR', ate: daqui(espera) });
  });

  it('gives up when the last attempt is refused', () => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos: 0, devidaEm };
    expect(depoisDaFalha('TEMPORARIA', antes, devidaEm)).toEqual({ tipo: 'DESISTIR' });
  });

  it('gives up at once when the provider will never take the message', () => {
    const antes = { recusas: 0, adiamentos: 0, devidaEm };
    expect(depoisDaFalha('PERMANENTE', antes, devidaEm)).toEqual({ tipo: 'DESISTIR' });
  });

  it.each([
    [0, 1_000],
    [3, 8_000],
    [5_000, 30_000],
  ])('waits without counting an attempt when the provider was away %i times', (adiamentos, espera) => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos, devidaEm };
    expect(depoisDaFalha('INDISPONIVEL', antes, devidaEm)).toEqual({ tipo: 'ADIAR', ate: daqui(espera) });
  });

  it.each(['TEMPORARIA', 'INDISPONIVEL'] as const)('gives up on %s when the message is too old', (falha) => {
    const antes = { recusas: 0, adiamentos: 0, devidaEm };
    expect(depoisDaFalha(falha, antes, daqui(VALIDADE_MS - 1))).not.toEqual({ tipo: 'DESISTIR' });
    expect(depoisDaFalha(falha, antes, daqui(VALIDADE_MS))).toEqual({ tipo: 'DESISTIR' });
  });
});
