import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { escolherExtras, mesmosExtras } from './extras.ts';

const CATALOGO = [
  { codigo: 'CAFE', nome: 'Café', preco: Dinheiro.deCentavos(200_00), quantidadeMaxima: 3 },
  { codigo: 'PROJETOR', nome: 'Projetor', preco: Dinheiro.deCentavos(100_00), quantidadeMaxima: 1 },
];

describe('add-ons', () => {
  it('are taken with the name and price of the catalogue, up to their number', () => {
    const escolhidos = escolherExtras(
      [
        { codigo: 'PROJETOR', quantidade: 1 },
        { codigo: 'CAFE', quantidade: 3 },
      ],
      CATALOGO,
    );
    expect(escolhidos.isSuccess && escolhidos.value).toEqual([
      { codigo: 'PROJETOR', nome: 'Projetor', quantidade: 1, precoUnitario: Dinheiro.deCentavos(100_00) },
      { codigo: 'CAFE', nome: 'Café', quantidade: 3, precoUnitario: Dinheiro.deCentavos(200_00) },
    ]);
  });

  it.each([
    ['PISCINA', [{ codigo: 'PISCINA', quantidade: 1 }], 'não existe neste espaço'],
    ['CAFE', [{ codigo: 'CAFE', quantidade: 4 }], 'peça de 1 a 3'],
    ['CAFE', [{ codigo: 'CAFE', quantidade: 0 }], 'peça de 1 a 3'],
    ['CAFE', [{ codigo: 'CAFE', quantidade: 1.5 }], 'peça de 1 a 3'],
    [
      'CAFE',
      [
        { codigo: 'CAFE', quantidade: 1 },
        { codigo: 'CAFE', quantidade: 1 },
      ],
      'pedido mais de uma vez',
    ],
  ])('name %s and what to change when they cannot be had %#', (codigo, pedidos, porque) => {
    const escolhidos = escolherExtras(pedidos, CATALOGO);
    expect(escolhidos.isFailure && escolhidos.error).toMatchObject({
      message: `Adicional ${codigo}: ${porque}.`,
      detalhes: { codigo },
    });
  });

  it('are the same in whatever order, and not when the quantities are swapped', () => {
    const a = [
      { codigo: 'A1', quantidade: 1 },
      { codigo: 'B2', quantidade: 2 },
    ];
    const trocados = [
      { codigo: 'A1', quantidade: 2 },
      { codigo: 'B2', quantidade: 1 },
    ];
    expect(mesmosExtras(a, a.toReversed())).toBe(true);
    expect(mesmosExtras(a, trocados)).toBe(false);
    expect(mesmosExtras([{ codigo: 'A', quantidade: 11 }], [{ codigo: 'A', quantidade: 1 }])).toBe(false);
    expect(mesmosExtras([], a)).toBe(false);
  });
});
