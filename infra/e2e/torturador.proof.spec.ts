import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bancada, montarBancada } from './bancada.ts';
import { CENARIOS } from './cenarios.ts';
import { conferirTotais } from './conferencia.ts';
import { lerTotais } from './livros.ts';
import { Torturador } from './torturador.ts';

/**
 * `TORTURA_SEMENTES` says how many schedules there are for each scenario, `TORTURA_INICIO` which is the first: a seed that
 * failed is run again alone by `TORTURA_INICIO=<seed> TORTURA_SEMENTES=1`.
 */
const SEMENTES = Number(process.env.TORTURA_SEMENTES ?? 3);
const INICIO = Number(process.env.TORTURA_INICIO ?? 1);

let bancada: Bancada;
let torturador: Torturador;

beforeAll(async () => {
  bancada = await montarBancada();
  torturador = new Torturador(bancada);
  console.log(`seeds ${INICIO} to ${INICIO + SEMENTES - 1} for each of ${CENARIOS.length} scenarios`);
}, 60_000);

afterAll(() => bancada?.desmontar());

describe.each(CENARIOS)('a customer who $nome', (cenario) => {
  it(
    'ends as in the quiet run, to the cent, whatever becomes of the messages',
    async () => {
      const quieta = await torturador.correr(cenario, undefined);
      expect(quieta).toMatchObject({ desfecho: cenario.fim, problemas: [] });
      for (let semente = INICIO; semente < INICIO + SEMENTES; semente++) {
        const { estado, problemas, passos } = await torturador.correr(cenario, semente);
        try {
          expect({ semente, estado, problemas }).toEqual({ semente, estado: quieta.estado, problemas: [] });
        } catch (error) {
          console.log(`seed ${semente}, step by step:\n${passos.join('\n')}`);
          throw error;
        }
      }
    },
    60_000 + SEMENTES * 20_000,
  );
});

it('all of them together: the books add up', async () => {
  expect(conferirTotais(await lerTotais(bancada))).toEqual([]);
});
