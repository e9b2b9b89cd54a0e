import { describe, expect, it } from '@jest/globals';
import { CONHECIDA_MS, proximoPasso } from './rotacao.ts';

const DIA_MS = 86_400_000;
const agora = new Date('2026-11-30T12:00:00Z');
const chave = (kid: string, idadeMs: number) => ({ kid, criadoEm: new Date(agora.getTime() - idadeMs) });

const passo = (ativaMs: number | undefined, proximaMs?: number, vencimentoMs = 90 * DIA_MS) =>
  proximoPasso(
    {
      ativa: ativaMs === undefined ? undefined : chave('ativa', ativaMs),
      proxima: proximaMs === undefined ? undefined : chave('proxima', proximaMs),
    },
    agora,
    vencimentoMs,
  );

describe('a rotation', () => {
  it('begins when the active key is as old as it may become, and no sooner', () => {
    expect(passo(90 * DIA_MS - 1)).toEqual({ tipo: 'NADA' });
    expect(passo(90 * DIA_MS)).toEqual({ tipo: 'CRIAR' });
    expect(passo(90 * DIA_MS, undefined, Number.POSITIVE_INFINITY)).toEqual({ tipo: 'NADA' });
  });

  it('has nothing to replace where nothing has ever been signed', () => {
    expect(passo(undefined, undefined, 0)).toEqual({ tipo: 'NADA' });
  });

  it('goes on with the next key until every verifier can know it, however young the active one is', () => {
    expect(passo(0, CONHECIDA_MS - 1)).toEqual({
      ...{ tipo: 'ESPERAR', kid: 'proxima', ate: new Date(agora.getTime() + 1) },
    });
    expect(passo(0, CONHECIDA_MS)).toEqual({ tipo: 'EXPERIMENTAR', kid: 'proxima' });
  });
});
