import { describe, expect, it } from '@jest/globals';
import { FalhaDeEnvioError, type TipoFalha } from '../../canais/domain/falha-de-envio.ts';
import { depoisDaFalha, MAX_RECUSAS, VALIDADE_MS } from './politica-envio.ts';

const devidaEm = new Date('2026-11-23T12:00:00Z');
const falha = (tipo: TipoFalha, depoisDeMs = 0) => new FalhaDeEnvioError(tipo, 'HTTP 429', depoisDeMs);
const daqui = (ms: number) => new Date(devidaEm.getTime() + ms);

describe('depoisDaFalha', () => {
  it.each([
    [0, 30_000],
    [1, 60_000],
    [2, 120_000],
    [6, 1_920_000],
  ])('tries again with growing pauses when %i refusals came before', (recusas, espera) => {
    const decisao = depoisDaFalha(falha('TEMPORARIA'), { recusas, adiamentos: 0, devidaEm }, devidaEm);
    expect(decisao).toEqual({ tipo: 'REPETIR', ate: daqui(espera) });
  });

  it('gives up when the last attempt is refused', () => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos: 0, devidaEm };
    expect(depoisDaFalha(falha('TEMPORARIA'), antes, devidaEm)).toEqual({ tipo: 'DESISTIR' });
  });

  it('risks one more copy where no answer came, and no third', () => {
    const antes = { recusas: 0, adiamentos: 5, devidaEm };
    expect(depoisDaFalha(falha('INCERTA'), antes, devidaEm)).toEqual({ tipo: 'REPETIR', ate: daqui(30_000) });
    expect(depoisDaFalha(falha('INCERTA'), { ...antes, recusas: 1 }, devidaEm)).toEqual({ tipo: 'DESISTIR' });
  });

  it('gives up at once when the provider will never take the message', () => {
    const antes = { recusas: 0, adiamentos: 0, devidaEm };
    expect(depoisDaFalha(falha('PERMANENTE'), antes, devidaEm)).toEqual({ tipo: 'DESISTIR' });
  });

  it.each([
    [0, 1_000],
    [3, 8_000],
    [5_000, 30_000],
  ])('waits without counting an attempt when the provider was away %i times', (adiamentos, espera) => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos, devidaEm };
    expect(depoisDaFalha(falha('INDISPONIVEL'), antes, devidaEm)).toEqual({
      tipo: 'ADIAR',
      ate: daqui(espera),
    });
  });

  it.each([
    [0, 1_000],
    [6, 64_000],
    [5_000, 300_000],
  ])('waits longer, the channel being in use, when its provider was away %i times', (adiamentos, espera) => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos, devidaEm };
    expect(depoisDaFalha(falha('PARCIAL'), antes, devidaEm)).toEqual({ tipo: 'ADIAR', ate: daqui(espera) });
  });

  it.each(['TEMPORARIA', 'INDISPONIVEL', 'CREDENCIAIS', 'PARCIAL'] as const)(
    'gives up on %s when the message is too old',
    (tipo) => {
      const antes = { recusas: 0, adiamentos: 0, devidaEm };
      expect(depoisDaFalha(falha(tipo), antes, daqui(VALIDADE_MS - 1))).not.toEqual({ tipo: 'DESISTIR' });
      expect(depoisDaFalha(falha(tipo), antes, daqui(VALIDADE_MS))).toEqual({ tipo: 'DESISTIR' });
    },
  );

  it('waits, and counts no attempt, when the provider refuses our key', () => {
    const antes = { recusas: MAX_RECUSAS - 1, adiamentos: 0, devidaEm };
    expect(depoisDaFalha(falha('CREDENCIAIS'), antes, devidaEm)).toEqual({
      tipo: 'ADIAR',
      ate: daqui(1_000),
    });
  });

  it.each([
    ['INDISPONIVEL', 'ADIAR'],
    ['TEMPORARIA', 'REPETIR'],
  ] as const)('waits as long as the provider says after %s, an hour at most', (tipo, decisao) => {
    const antes = { recusas: 0, adiamentos: 0, devidaEm };
    const ate = (pedido: number) => depoisDaFalha(falha(tipo, pedido), antes, devidaEm);
    expect(ate(90_000)).toEqual({ tipo: decisao, ate: daqui(90_000) });
    expect(ate(86_400_000)).toEqual({ tipo: decisao, ate: daqui(3_600_000) });
  });

  it.each([500, -60_000])('does not come sooner than otherwise when the provider says %i ms', (pedido) => {
    const antes = { recusas: 0, adiamentos: 2, devidaEm };
    const decisao = depoisDaFalha(falha('INDISPONIVEL', pedido), antes, devidaEm);
    expect(decisao).toEqual({ tipo: 'ADIAR', ate: daqui(4_000) });
  });
});
