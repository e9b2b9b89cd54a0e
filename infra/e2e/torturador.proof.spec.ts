import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bancada, montarBancada } from './bancada.ts';
import { CENARIOS } from './cenarios.ts';
import { conferirTotais } from './conferencia.ts';
import { lerTotais } from './ler-livros.ts';
import { sementesPedidas } from './sementes.ts';
import { Torturador } from './torturador.ts';

const { inicio, quantas } = sementesPedidas();

let bancada: Bancada;
let torturador: Torturador;

beforeAll(async () => {
  bancada = await montarBancada();
  torturador = new Torturador(bancada);
  console.log(`seeds ${inicio} to ${inicio + quantas - 1} for each of ${CENARIOS.length} scenarios`);
}, 60_000);

afterAll(() => bancada?.desmontar());

describe.each(CENARIOS)('a customer who $nome', (cenario) => {
  it(
    'ends as in the quiet run, to the cent, whatever becomes of the messages',
    async () => {
      const quieta = await torturador.correr(cenario, undefined);
      expect(quieta).toMatchObject({ desfecho: cenario.fim, problemas: [] });
      for (let semente = inicio; semente < inicio + quantas; semente++) {
        const { estado, problemas, passos } = await torturador.correr(cenario, semente);
        try {
          expect({ semente, estado, problemas }).toEqual({ semente, estado: quieta.estado, problemas: [] });
        } catch (error) {
          console.log(`seed ${semente}, step by step:\n${passos.join('\n')}`);
          throw error;
        }
      }
    },
    60_000 + quantas * 20_000,
  );
});

it('all of them together: the books add up', async () => {
  expect(conferirTotais(await lerTotais(bancada))).toEqual([]);
});
