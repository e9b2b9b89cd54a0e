import { describe, expect, it } from '@jest/globals';
import { esperaEscrita } from './espera.ts';

describe('esperaEscrita', () => {
  it.each([
    [1, '1 segundo'],
    [45, '45 segundos'],
    [90, '90 segundos'],
    [91, '2 minutos'],
    [1_800, '30 minutos'],
    [3_600, '60 minutos'],
    [7_141, '2 horas'],
    [86_400, '24 horas'],
  ])('says %j seconds as %j, never less', (segundos, escrita) => {
    expect(esperaEscrita(segundos)).toBe(escrita);
  });
});
