import { describe, expect, it } from '@jest/globals';
import { msLater, nextTry, nextTryWhileAway } from './backoff.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const MAXIMO_MS = 30_000;

/** Waits after so many failures, drawn many times. */
const esperas = (falhas: number) =>
  Array.from({ length: 200 }, () => nextTry(AGORA, falhas, MAXIMO_MS).getTime() - AGORA.getTime());

describe('proximaVez', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [50, MAXIMO_MS],
  ])('waits after %i failures in a row between half of and all of %i ms', (falhas, espera) => {
    const sorteadas = esperas(falhas);
    expect(Math.max(...sorteadas)).toBeLessThanOrEqual(espera);
    expect(Math.min(...sorteadas)).toBeGreaterThanOrEqual(espera / 2);
  });

  it('does not let what failed together come back together', () => {
    expect(new Set(esperas(3)).size).toBeGreaterThan(100);
  });
});

describe('vezSeguinte', () => {
  it.each([
    [0, 1_000],
    [8_000, 8_000],
    [3_600_000, MAXIMO_MS],
  ])('after %i ms waits between half of and all of %i ms', (esperou, espera) => {
    const vez = nextTryWhileAway(AGORA, msLater(AGORA, -esperou), MAXIMO_MS).getTime() - AGORA.getTime();
    expect(vez).toBeLessThanOrEqual(espera);
    expect(vez).toBeGreaterThanOrEqual(espera / 2);
  });
});
