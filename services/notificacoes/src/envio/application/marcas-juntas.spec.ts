import { describe, expect, it } from '@jest/globals';
import type { Aceita } from './marcas-de-envio.ts';
import { MarcasJuntas } from './marcas-juntas.ts';

const aceita = (id: string) => ({ tomada: { id } }) as Aceita;

/** Marks, of which those with these names fail whenever they are made; what was made together. */
function marcas(...ruins: string[]) {
  const feitas: string[][] = [];
  const juntas = new MarcasJuntas(async (aceitas) => {
    const ids = aceitas.map(({ tomada }) => tomada.id);
    feitas.push(ids);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const ruim = ids.find((id) => ruins.includes(id));
    if (ruim !== undefined) throw new Error(`${ruim} cannot be marked`);
  });
  const marcar = async (...ids: string[]) => {
    const todas = await Promise.allSettled(ids.map((id) => juntas.marcar(aceita(id))));
    return ids.filter((_, n) => todas[n]?.status === 'fulfilled');
  };
  return { feitas, marcar };
}

describe('MarcasJuntas', () => {
  it('makes the first at once, and together those that come meanwhile', async () => {
    const { feitas, marcar } = marcas();
    expect(await marcar('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
    expect(feitas).toEqual([['a'], ['b', 'c']]);
  });

  it('makes those that come later, too', async () => {
    const { feitas, marcar } = marcas();
    await marcar('a');
    await marcar('b');
    expect(feitas).toEqual([['a'], ['b']]);
  });

  it('makes each by itself when they cannot be made together, and only the one that fails fails', async () => {
    const { feitas, marcar } = marcas('c');
    expect(await marcar('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'd']);
    expect(feitas).toEqual([['a'], ['b', 'c', 'd'], ['b'], ['c'], ['d']]);
    expect(await marcar('e')).toEqual(['e']);
  });
});
