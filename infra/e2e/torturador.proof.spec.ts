import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bancada, montarBancada } from './bancada.ts';
import { CENARIOS } from './cenarios.ts';
import { conferirTotais } from './conferencia.ts';
import { lerTotais } from './ler-livros.ts';
import { sementesDe, sementesPedidas } from './sementes.ts';
import { Torturador } from './torturador.ts';

const pedidas = sementesPedidas();

let bancada: Bancada;
let torturador: Torturador;

beforeAll(async () => {
  bancada = await montarBancada();
  torturador = new Torturador(bancada);
}, 60_000);

afterAll(() => bancada?.desmontar());

describe.each(CENARIOS)('a customer who $nome', (cenario) => {
  it(
    'ends as in the quiet run, to the cent, whatever becomes of the messages',
    async () => {
      const quieta = await torturador.correr(cenario, undefined);
      expect(quieta).toMatchObject({ desfecho: cenario.fim, problemas: [] });
      for (const semente of sementesDe(pedidas, CENARIOS.length)) {
        const { estado, problemas, passos } = await torturador.correr(cenario, semente);
        try {
          expect({ semente, estado, problemas }).toEqual({ semente, estado: quieta.estado, problemas: [] });
        } catch (error) {
          console.log(`seed ${semente}, step by step:\n${passos.join('\n')}`);
          throw error;
        }
      }
    },
    60_000 + pedidas.minimo * 30_000 + (pedidas.segundos * 1000) / CENARIOS.length,
  );
});

it('all of them together: the books add up', async () => {
  expect(conferirTotais(await lerTotais(bancada))).toEqual([]);
});
