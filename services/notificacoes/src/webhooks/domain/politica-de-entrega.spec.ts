import { describe, expect, it } from '@jest/globals';
import { aceita, depoisDaFalha, type Historia, type Resultado } from './politica-de-entrega.ts';

const AGORA = new Date('2026-11-20T13:00:00Z');
const HORA = 3_600_000;
const ha = (horas: number) => new Date(AGORA.getTime() - horas * HORA);
const NOVA: Historia = { tentativas: 0, desde: AGORA, falhas: 0, falhandoDesde: undefined };

const status = (codigo: number, esperarMs?: number): Resultado => ({
  ...{ tipo: 'RESPONDIDA', status: codigo },
  esperarMs,
});
const NADA: Resultado = { tipo: 'INACESSIVEL' };

/** Seconds until the delivery is tried again and until the address is. */
function depois(resultado: Resultado, historia: Partial<Historia> = {}, sorte = 0.5) {
  const { repetirEm, pausarAte, desativar } = depoisDaFalha(
    resultado,
    { ...NOVA, ...historia },
    AGORA,
    sorte,
  );
  const segundos = (em: Date | undefined) => em && Math.round((em.getTime() - AGORA.getTime()) / 1_000);
  return { repetir: segundos(repetirEm), pausar: segundos(pausarAte), desativar };
}

describe('aceita', () => {
  it.each([
    [199, false],
    [200, true],
    [204, true],
    [299, true],
    [301, false],
    [400, false],
    [500, false],
  ])('status %i: %s', (codigo, sim) => {
    expect(aceita(status(codigo))).toBe(sim);
  });
});

describe('depoisDaFalha', () => {
  it('waits four times as long each time, up to six hours', () => {
    const esperas = [0, 1, 2, 3, 4, 5, 6, 30].map(
      (tentativas) => depois(status(400), { tentativas }).repetir,
    );
    expect(esperas).toEqual([5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600]);
  });

  it('spreads by a fifth either way', () => {
    expect([0, 1].map((sorte) => depois(status(400), {}, sorte).repetir)).toEqual([4, 6]);
  });

  it.each([
    ['no answer', NADA, 4],
    ['500', status(500), 4],
    ['503', status(503), 4],
    ['429', status(429), 4],
    ['408', status(408), 4],
    ['400', status(400), undefined],
    ['401', status(401), undefined],
    ['302', status(302), undefined],
  ])('leaves the whole address alone only when it is not well: %s', (_, resultado, pausar) => {
    expect(depois(resultado, { falhas: 1, falhandoDesde: AGORA }).pausar).toBe(pausar);
  });

  it('pauses for a quarter of an hour at most of itself', () => {
    expect(depois(NADA, { falhas: 40, falhandoDesde: AGORA }).pausar).toBe(900);
  });

  it('waits as long as it is asked to, up to an hour', () => {
    expect(depois(status(429, 120_000))).toMatchObject({ repetir: 120, pausar: 120 });
    expect(depois(status(503, 86_400_000))).toMatchObject({ repetir: 3_600, pausar: 3_600 });
  });

  it('gives a delivery up after three days', () => {
    expect(depois(status(400), { tentativas: 10, desde: ha(60) }).repetir).toBe(21_600);
    expect(depois(status(400), { tentativas: 10, desde: ha(66) }).repetir).toBeUndefined();
  });

  it('disables an address that took nothing for five days, or is gone', () => {
    expect(depois(NADA, { falhas: 9, falhandoDesde: ha(119) }).desativar).toBeUndefined();
    expect(depois(NADA, { falhas: 9, falhandoDesde: ha(120) }).desativar).toBe('FALHAS');
    expect(depois(status(410)).desativar).toBe('GONE');
    expect(depois(status(404)).desativar).toBeUndefined();
  });
});
