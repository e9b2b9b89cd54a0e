import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type Cotacao, novaCotacao, type UsoDaCotacao, usarCotacao } from './cotacao.ts';

const AGORA = new Date('2026-06-01T12:00:00Z');

function periodo(inicio: string, fim: string): PeriodoReserva {
  const criado = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

const USO: UsoDaCotacao = {
  clienteId: 'cli_1',
  espacoId: 'esp_1',
  periodo: periodo('2026-06-02T12:00:00Z', '2026-06-02T13:00:00Z'),
  extras: [
    { codigo: 'CAFE', quantidade: 1 },
    { codigo: 'PROJETOR', quantidade: 2 },
  ],
};

function cotacao(): Cotacao {
  const extras = USO.extras.map((extra) => ({
    ...extra,
    nome: extra.codigo,
    precoUnitario: Dinheiro.zero(),
  }));
  const preco = { linhas: [], valor: Dinheiro.deCentavos(100_00) };
  return novaCotacao({ ...USO, id: 'cot_1', extras, preco }, AGORA);
}

const OUTRO_PERIODO = periodo('2026-06-02T12:00:00Z', '2026-06-02T14:00:00Z');

describe('a quote', () => {
  it('holds for the same booking with the add-ons in any order, until ten minutes are over', () => {
    const uso = { ...USO, extras: USO.extras.toReversed() };
    expect(usarCotacao(cotacao(), uso, new Date('2026-06-01T12:09:59.999Z')).isSuccess).toBe(true);
    const tarde = usarCotacao(cotacao(), uso, new Date('2026-06-01T12:10:00Z'));
    expect(tarde.isFailure && tarde.error.motivo).toBe('COTACAO_INVALIDA');
  });

  it.each<[string, Partial<UsoDaCotacao>]>([
    ['another customer', { clienteId: 'cli_2' }],
    ['another space', { espacoId: 'esp_2' }],
    ['another period', { periodo: OUTRO_PERIODO }],
    ['fewer add-ons', { extras: [{ codigo: 'CAFE', quantidade: 1 }] }],
    [
      'another quantity',
      {
        extras: [
          { codigo: 'CAFE', quantidade: 2 },
          { codigo: 'PROJETOR', quantidade: 2 },
        ],
      },
    ],
  ])('is refused for %s', (_, mudanca) => {
    const usada = usarCotacao(cotacao(), { ...USO, ...mudanca }, AGORA);
    expect(usada.isFailure && usada.error.motivo).toBe('COTACAO_INVALIDA');
  });

  it.each<[string, Cotacao | undefined, Partial<UsoDaCotacao>, string]>([
    ['ela não existe', undefined, {}, '2026-06-01T12:00:00Z'],
    ['ela não existe', cotacao(), { clienteId: 'cli_2' }, '2026-06-01T12:00:00Z'],
    ['ela venceu', cotacao(), {}, '2026-06-01T12:10:00Z'],
    ['ela é de outro espaço', cotacao(), { espacoId: 'esp_2' }, '2026-06-01T12:00:00Z'],
    ['ela é de outro período', cotacao(), { periodo: OUTRO_PERIODO }, '2026-06-01T12:00:00Z'],
    ['ela tem outros adicionais', cotacao(), { extras: [] }, '2026-06-01T12:00:00Z'],
  ])('says that %s %#', (porque, guardada, mudanca, agora) => {
    const usada = usarCotacao(guardada, { ...USO, ...mudanca }, new Date(agora));
    expect(usada.isFailure && usada.error.message).toBe(`A cotação não vale para esta reserva: ${porque}.`);
  });

  it('is refused when it is unknown', () => {
    expect(usarCotacao(undefined, USO, AGORA).isFailure).toBe(true);
  });

  it('gives price and add-ons, and nothing else of the quote', () => {
    const usada = usarCotacao(cotacao(), USO, AGORA);
    const { preco, extras } = cotacao();
    expect(usada).toMatchObject({ isSuccess: true, value: { preco, extras } });
    expect(usada.isSuccess && Object.keys(usada.value).sort()).toEqual(['extras', 'preco']);
  });
});
