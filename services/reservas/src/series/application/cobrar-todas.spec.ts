import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { cobrarTodas } from './cobrar-todas.ts';

const holds = (quantas: number) =>
  Array.from({ length: quantas }, (_, i) => ({ id: `res_${i}` }) as EstadoReserva);

describe('asking for the charges of a series', () => {
  it('answers every hold in its place, with four charges at a time', async () => {
    let abertas = 0;
    let maximo = 0;
    const cobradas = await cobrarTodas(
      holds(11),
      async (reserva) => {
        abertas += 1;
        maximo = Math.max(maximo, abertas);
        await nextTurn();
        abertas -= 1;
        return { ...reserva, pagamentoId: `pag_${reserva.id}` };
      },
      10_000,
    );
    expect(cobradas.map(({ pagamentoId }) => pagamentoId)).toEqual(holds(11).map(({ id }) => `pag_${id}`));
    expect(maximo).toBe(4);
  });

  it('stops asking when the time is up, and answers the rest as it was', async () => {
    let pedidas = 0;
    const nunca = new Promise<EstadoReserva>(() => {});
    const cobradas = await cobrarTodas(
      holds(9),
      async (reserva) => {
        pedidas += 1;
        return pedidas === 1 ? { ...reserva, pagamentoId: 'pag_1' } : nunca;
      },
      20,
    );
    expect(cobradas.map(({ pagamentoId }) => pagamentoId)).toEqual(['pag_1', ...Array(8).fill(undefined)]);
    expect(pedidas).toBe(5);
  });
});
