import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conferirTotais } from '../livros/conferencia.ts';
import { lerTotais } from '../livros/ler-livros.ts';
import { Atingidos } from './atingidos.ts';
import { type Bancada, montarBancada } from './bancada.ts';
import { CENARIOS } from './cenarios.ts';
import { sementesDe, sementesPedidas } from './sementes.ts';
import { Torturador } from './torturador.ts';

const pedidas = sementesPedidas();
const LIMITE_MS = 60_000 + pedidas.minimo * 30_000 + (pedidas.segundos * 1000) / CENARIOS.length;

let bancada: Bancada;
let torturador: Torturador;
/** What all schedules have met, and how many there were of each scenario. */
const total = new Atingidos();
const corridas = new Map<string, number>();

beforeAll(async () => {
  bancada = await montarBancada();
  torturador = new Torturador(bancada);
}, 60_000);

afterAll(() => bancada?.desmontar());

describe.each(CENARIOS)('a customer who $nome', (cenario) => {
  it(
    'ends as in the quiet run, to the cent, whatever becomes of the messages',
    async () => {
      const { fim, ...quieta } = await torturador.correr(cenario, undefined);
      expect({ fim, problemas: quieta.problemas }).toEqual({ fim: cenario.fim, problemas: [] });
      for (const semente of sementesDe(pedidas, CENARIOS.length)) {
        const { estado, problemas, passos, atingidos } = await torturador.correr(cenario, semente);
        total.some(atingidos);
        corridas.set(cenario.nome, (corridas.get(cenario.nome) ?? 0) + 1);
        try {
          expect({ semente, estado, problemas }).toEqual({ semente, estado: quieta.estado, problemas: [] });
        } catch (error) {
          console.log(`seed ${semente}, step by step:\n${passos.join('\n')}`);
          throw error;
        }
      }
    },
    LIMITE_MS,
  );
});

describe('all of them together', () => {
  it('leave books that add up', async () => {
    expect(conferirTotais(await lerTotais(bancada))).toEqual([]);
  });

  it('met every kind of disorder, often enough', () => {
    const porCenario = [...corridas.values()];
    const quantas = porCenario.reduce((soma, vezes) => soma + vezes, 0);
    const cada = `${Math.min(...porCenario)} to ${Math.max(...porCenario)}`;
    console.log(
      `${quantas} schedules, from seed ${pedidas.inicio} on ${cada} of each scenario, met\n${total}`,
    );
    expect([...corridas.keys()]).toEqual(CENARIOS.map(({ nome }) => nome));
    expect(total.raros(quantas)).toEqual([]);
  });
});
