import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PeriodoReserva } from './periodo-reserva.ts';

const DIA = '2026-06-10';

function das(inicio: string, fim: string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(`${DIA}T${inicio}:00Z`), new Date(`${DIA}T${fim}:00Z`));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

describe('PeriodoReserva', () => {
  it.each([
    ['the end is the start', '2026-06-10T10:00:00Z', '2026-06-10T10:00:00Z'],
    ['the end is before the start', '2026-06-10T10:00:00Z', '2026-06-10T09:00:00Z'],
    ['an instant is not a date', 'nonsense', '2026-06-10T09:00:00Z'],
  ])('is refused when %s', (_, inicio, fim) => {
    const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
    expect(periodo.isFailure && [periodo.error.motivo, periodo.error.message]).toEqual([
      'PERIODO_INVALIDO',
      'O fim deve ser depois do início.',
    ]);
  });

  it('keeps its duration when it is moved, and its buffer behind it', () => {
    const periodo = das('10:00', '11:30');
    expect(periodo.duracaoMinutos).toBe(90);
    expect(periodo.movidoPara(new Date(`${DIA}T20:00:00Z`)).igual(das('20:00', '21:30'))).toBe(true);
    expect(periodo.bloqueioFim(15)).toEqual(new Date(`${DIA}T11:45:00Z`));
  });

  it.each([
    ['10:00', '12:00', true],
    ['10:00', '12:15', false],
    ['09:45', '12:00', false],
    ['09:45', '11:45', false],
  ])('is the same as 10:00-12:00 when it is %s-%s: %p', (inicio, fim, igual) => {
    expect(das(inicio, fim).igual(das('10:00', '12:00'))).toBe(igual);
  });

  it.each([
    ['08:00', '10:00', false],
    ['08:00', '10:01', true],
    ['11:59', '14:00', true],
    ['12:00', '14:00', false],
    ['10:30', '11:00', true],
    ['09:00', '13:00', true],
  ])('shares time with 10:00-12:00 when it is %s-%s: %p', (inicio, fim, sobrepoe) => {
    expect(das(inicio, fim).sobrepoe(das('10:00', '12:00'))).toBe(sobrepoe);
    expect(das('10:00', '12:00').sobrepoe(das(inicio, fim))).toBe(sobrepoe);
  });

  it.each([
    ['12:00', '14:00', 15, 15, true],
    ['12:15', '14:00', 15, 15, false],
    ['08:00', '09:50', 15, 15, true],
    ['08:00', '09:45', 15, 15, false],
    ['11:00', '11:30', 0, 0, true],
    ['09:00', '13:00', 0, 0, true],
    ['12:00', '14:00', 0, 0, false],
    ['08:00', '10:00', 0, 0, false],
    ['08:00', '09:45', 15, 30, true],
    ['08:00', '09:30', 15, 30, false],
    ['12:15', '13:00', 30, 15, true],
    ['12:30', '13:00', 30, 15, false],
  ])(
    '%s-%s with %i min beside 10:00-12:00 with %i min conflicts: %p',
    (inicio, fim, folga, folgaVizinha, conflita) => {
      const vizinha = { periodo: das('10:00', '12:00'), folgaMinutos: folgaVizinha };
      expect(das(inicio, fim).conflitaCom(vizinha, folga)).toBe(conflita);
    },
  );

  it('conflicts in both directions or in none', () => {
    const minuto = fc.integer({ min: 0, max: 2000 });
    const folga = fc.integer({ min: 0, max: 240 });
    const dura = fc.integer({ min: 1, max: 600 });
    const das = ([inicio, duracao]: readonly [number, number]) => {
      const criado = PeriodoReserva.create(new Date(inicio * 60_000), new Date((inicio + duracao) * 60_000));
      if (criado.isFailure) throw criado.error;
      return criado.value;
    };
    /** Any two, or two with less between them than a buffer may ask for. */
    const dois = fc.oneof(
      fc.tuple(fc.tuple(minuto, dura), fc.tuple(minuto, dura)),
      fc.tuple(minuto, dura, folga, dura).map(
        ([inicio, duracao, entre, outra]) =>
          [
            [inicio, duracao],
            [inicio + duracao + entre, outra],
          ] as const,
      ),
    );
    let soPelaMaior = 0;
    fc.assert(
      fc.property(dois, folga, folga, ([um, outro], folgaA, folgaB) => {
        const [a, b] = [das(um), das(outro)];
        const ab = a.conflitaCom({ periodo: b, folgaMinutos: folgaB }, folgaA);
        const ba = b.conflitaCom({ periodo: a, folgaMinutos: folgaA }, folgaB);
        const distancia = Math.max(
          b.inicio.getTime() - a.fim.getTime(),
          a.inicio.getTime() - b.fim.getTime(),
        );
        if (ab && distancia >= Math.min(folgaA, folgaB) * 60_000) soPelaMaior += 1;
        expect(ab).toBe(ba);
        expect(ab).toBe(distancia < Math.max(folgaA, folgaB) * 60_000);
      }),
    );
    expect(soPelaMaior).toBeGreaterThan(5);
  });
});
