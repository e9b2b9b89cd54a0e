import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { precificar } from '../../precos/domain/precificacao.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type PosicaoDePreco, PrecosDaTarifa, type Tarifa } from './tarifa.ts';

const AGORA = new Date('2026-06-02T09:00:00Z');

const centesimos = fc.oneof(fc.constantFrom(1, 80, 100, 120, 150, 1000), fc.integer({ min: 1, max: 1000 }));

const tarifa = fc.record({
  tipo: fc.constant('SALA_REUNIAO' as const),
  fusoHorario: fc.constantFrom('UTC', 'America/Sao_Paulo', 'America/New_York', 'Asia/Kathmandu'),
  multiplicadores: fc.record({
    picoCentesimos: centesimos,
    fimDeSemanaCentesimos: centesimos,
    antecedenciaCentesimos: centesimos,
  }),
  taxaLimpeza: fc
    .constantFrom(0n, 0n, 1n, 49n, 50_00n, 999_999_99n, 10_000_000_00n)
    .map((c) => Dinheiro.deCentavos(c)),
});

const periodo = fc
  .tuple(fc.integer({ min: 0, max: 200 * 1440 }), fc.integer({ min: 5, max: 1440 }))
  .map(([depois, minutos]) => {
    const inicio = new Date(AGORA.getTime() + depois * 60_000);
    const feito = PeriodoReserva.create(inicio, new Date(inicio.getTime() + minutos * 60_000));
    if (feito.isFailure) throw feito.error;
    return feito.value;
  });

const porHora = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: 1_000_000_000n }),
);

function preco(
  { fusoHorario, multiplicadores, taxaLimpeza }: Tarifa,
  periodo: PeriodoReserva,
  centavos: bigint,
) {
  const precoPorHora = Dinheiro.deCentavos(centavos);
  const dados = {
    fusoHorario,
    multiplicadores,
    taxaLimpeza,
    precoPorHora,
    periodo,
    extras: [],
    agora: AGORA,
  };
  return precificar(dados);
}

/** The order of the search. */
function comparar(a: PosicaoDePreco, b: PosicaoDePreco): number {
  const [x, y] = [a, b].map(({ valor, precoPorHora, id }) => [valor, precoPorHora, id] as const);
  for (const i of [0, 1, 2] as const) if (x?.[i] !== y?.[i]) return (x?.[i] ?? '') < (y?.[i] ?? '') ? -1 : 1;
  return 0;
}

describe('PrecosDaTarifa', () => {
  it('weighs the hours as the explained price does', () => {
    fc.assert(
      fc.property(tarifa, periodo, porHora, (uma, quando, centavos) => {
        const { numerador, denominador } = new PrecosDaTarifa(uma, quando, AGORA).peso;
        const total = Dinheiro.deCentavos(centavos)
          .multiplicarFracao(numerador, denominador)
          .somar(uma.taxaLimpeza);
        expect(total).toEqual(preco(uma, quando, centavos).valor);
      }),
    );
  });

  it('knows by the hourly price what is free and what can be charged', () => {
    const vezes = { gratuita: 0, paga: 0, recusada: 0 };
    fc.assert(
      fc.property(tarifa, periodo, porHora, (uma, quando, centavos) => {
        const precos = new PrecosDaTarifa(uma, quando, AGORA);
        const explicado = preco(uma, quando, centavos);
        const recusada = cobravel(explicado).isFailure ? 'recusada' : 'paga';
        vezes[explicado.valor.centavos === 0n ? 'gratuita' : recusada] += 1;
        expect(centavos < precos.gratuitosAbaixoDe).toBe(explicado.valor.centavos === 0n);
        const { de, ate } = precos.cobraveis;
        const paga = explicado.valor.centavos > 0n && cobravel(explicado).isSuccess;
        expect(centavos >= precos.gratuitosAbaixoDe && centavos >= de && centavos <= ate).toBe(paga);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(...Object.values(vezes))).toBeGreaterThan(2);
  });

  it('goes on behind a position of the whole list, whatever tariff that was of', () => {
    const posicao = fc.record({ tarifa, porHora, id: fc.constantFrom('esp_a', 'esp_m', 'esp_z') });
    /** Of the same tariff and about the same price, where ties are. */
    const vizinhas = fc.tuple(posicao, fc.constantFrom(-1n, 0n, 0n, 1n)).map(([ultima, mais]) => {
      const centavos = ultima.porHora + mais;
      return [ultima.tarifa, ultima, centavos < 0n ? 0n : centavos] as const;
    });
    let empates = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(tarifa, posicao, porHora), vizinhas),
        periodo,
        ([uma, ultima, centavos], quando) => {
          const precos = new PrecosDaTarifa(uma, quando, AGORA);
          const valor = preco(ultima.tarifa, quando, ultima.porHora).valor.centavos;
          const ultimaPosicao = { valor, precoPorHora: ultima.porHora, id: ultima.id };
          const esta = {
            valor: preco(uma, quando, centavos).valor.centavos,
            precoPorHora: centavos,
            id: 'esp_m',
          };
          if (valor === esta.valor) empates += 1;
          const de = precos.depoisDe(ultimaPosicao);
          const segue = centavos > de.precoPorHora || (centavos === de.precoPorHora && esta.id > de.id);
          expect(segue).toBe(comparar(ultimaPosicao, esta) < 0);
        },
      ),
      { numRuns: 500 },
    );
    expect(empates).toBeGreaterThan(50);
  });
});
