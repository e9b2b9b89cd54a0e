import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { Pronta } from './comecar-remessas.ts';
import { Esteira } from './esteira.ts';
import type { NotificacaoTomada } from './ports.ts';

const tomada = (id: string) => ({ id }) as NotificacaoTomada;
const idDe = (pronta: Pronta<string> | undefined) => pronta?.remessa[0].id;

/** A belt for one place at the provider with these messages on it; what was begun together. */
function esteira(ids: readonly string[], falha?: Error) {
  const clock = new FixedClock('2026-11-20T13:00:00Z');
  const levas: string[][] = [];
  const fita = new Esteira<string>(
    ids.map((id) => [tomada(id)]),
    {
      ...{ clock, lote: 1 },
      async comecar(remessas) {
        levas.push(remessas.flat().map(({ id }) => id));
        if (falha) throw falha;
        const prontas = remessas.map(
          ([uma]) => ({ remessa: [uma], destino: '' }) as unknown as Pronta<string>,
        );
        const [retidas, outras] = [
          prontas.filter((uma) => idDe(uma) === 'r'),
          prontas.filter((uma) => idDe(uma) !== 'r'),
        ];
        return { prontas: outras, paradas: [], retidas: retidas.flatMap(({ remessa }) => remessa) };
      },
    },
  );
  return { fita, clock, levas };
}

describe('Esteira', () => {
  it('gives messages in their order, and begins two for each place at once', async () => {
    const { fita, levas } = esteira(['a', 'b', 'c']);
    const idas = [await fita.proxima(), await fita.proxima(), await fita.proxima(), await fita.proxima()];
    expect(idas.map(idDe)).toEqual(['a', 'b', 'c', undefined]);
    expect(levas).toEqual([['a', 'b'], ['c']]);
  });

  it('begins again what has waited for its turn for more than a second', async () => {
    const { fita, clock, levas } = esteira(['a', 'b', 'c']);
    await fita.proxima();
    clock.advance(1_000);
    expect(idDe(await fita.proxima())).toBe('b');
    await fita.proxima();
    const { fita: outra, clock: relogio, levas: dela } = esteira(['a', 'b', 'c']);
    await outra.proxima();
    relogio.advance(1_001);
    expect(idDe(await outra.proxima())).toBe('b');
    expect([levas, dela]).toEqual([
      [['a', 'b'], ['c']],
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
    ]);
  });

  it('has left at its end what it gave to nobody, was given back, or is held', async () => {
    const { fita } = esteira(['r', 'a', 'b', 'c']);
    const primeira = await fita.proxima();
    if (primeira) fita.voltar(primeira);
    expect((await fita.parar()).sobras.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'r']);
  });

  it('says why what is left cannot be begun, and has it all left', async () => {
    const { fita } = esteira(['a', 'b', 'c'], new Error('the database is away'));
    await expect(fita.proxima()).rejects.toThrow('away');
    expect((await fita.parar()).sobras.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});
