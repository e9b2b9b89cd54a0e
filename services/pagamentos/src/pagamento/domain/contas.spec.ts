import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { APROVADO, CANCELADA, CRIADA, later, PENDENTE, T0 } from '../../../test/cobrancas/given.ts';
import {
  creditosRetidos,
  emCurso,
  emDisputa,
  estornosDoCobrado,
  pagaPorInteiro,
  perdeuDisputa,
  statusDe,
  sustentaReserva,
  totalComprometido,
  totalDisponivel,
  totalEstornado,
  totalExcedente,
  totalIndisponivel,
  totalPago,
  valorNoCartao,
} from './contas.ts';
import { devolvivelDe, pedidoDe } from './devolvivel.ts';
import type { MeioEstorno, OrigemEstorno, PagamentoEvent } from './eventos.ts';
import { movimentoDeCredito } from './movimento-de-credito.ts';
import { type Cobranca, type CobrancaAprovada, fold } from './pagamento.ts';

const reais = (valor: number) => Dinheiro.deCentavos(BigInt(valor * 100));
const centavos = (valor: number) => BigInt(valor * 100);

/** R$ 100, of which credit pays R$ 30. */
const COM_CREDITO = { ...CRIADA, creditos: reais(30) } as const;
const capturado = (valor: number): PagamentoEvent => ({ ...APROVADO, valor: reais(valor) });
const pedido = (
  numero: number,
  valor: number,
  meio: MeioEstorno = 'CARTAO',
  origem: OrigemEstorno = 'ADMIN',
): PagamentoEvent => ({
  ...{ tipo: 'EstornoSolicitado', numero, meio, valor: reais(valor), origem, motivo: 'x', em: later(3) },
});
const pendente = (numero: number): PagamentoEvent => ({
  ...{ tipo: 'EstornoPendente', numero, refundId: 're_1', em: later(4) },
});
const feito = (numero: number, valor: number): PagamentoEvent => ({
  ...{ tipo: 'EstornoConcluido', numero, valor: reais(valor), em: later(4) },
});
const falhou = (numero: number, valor: number): PagamentoEvent => ({
  ...{ tipo: 'EstornoFalhou', numero, valor: reais(valor), motivo: 'x', devolvido: false, em: later(4) },
});
const aberta = (valor: number, resto: object = {}): PagamentoEvent => ({
  ...{ tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'x', valor: reais(valor), em: later(3), ...resto },
});
const fim = (resultado: string): PagamentoEvent => ({
  ...{ tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado, em: later(4) },
});

const paga = (...eventos: PagamentoEvent[]) =>
  fold([COM_CREDITO, capturado(70), ...eventos]) as CobrancaAprovada;
const cobranca = (...eventos: PagamentoEvent[]) => fold(eventos) as Cobranca;
const excedente = (...eventos: PagamentoEvent[]) =>
  fold([COM_CREDITO, capturado(75), pedido(1, 5, 'CARTAO', 'EXCEDENTE'), ...eventos]) as CobrancaAprovada;

describe('the status that others see', () => {
  it.each<[string, Cobranca, string]>([
    ['open', cobranca(...PENDENTE), 'PENDENTE'],
    ['closed', cobranca(...PENDENTE, CANCELADA), 'CANCELADO'],
    ['paid', paga(), 'APROVADO'],
    ['a refund asked for', paga(pedido(1, 10)), 'ESTORNO_PENDENTE'],
    ['a refund under way', paga(pedido(1, 10), pendente(1)), 'ESTORNO_PENDENTE'],
    ['a refund that failed', paga(pedido(1, 10), falhou(1, 10)), 'APROVADO'],
    ['a part that is back', paga(pedido(1, 10), feito(1, 10)), 'ESTORNADO_PARCIAL'],
    [
      'a part that is back, another under way',
      paga(pedido(1, 10), feito(1, 10), pedido(2, 1)),
      'ESTORNO_PENDENTE',
    ],
    [
      'all of it back',
      paga(pedido(1, 30, 'CREDITO'), feito(1, 30), pedido(2, 70), feito(2, 70)),
      'ESTORNADO',
    ],
    ['a surplus under way', excedente(), 'APROVADO'],
    ['a surplus that is back', excedente(feito(1, 5)), 'APROVADO'],
    [
      'all but the surplus back',
      excedente(pedido(2, 30, 'CREDITO'), feito(2, 30), pedido(3, 70), feito(3, 70)),
      'ESTORNADO',
    ],
    [
      'a part back beside the surplus',
      excedente(feito(1, 5), pedido(2, 70), feito(2, 70)),
      'ESTORNADO_PARCIAL',
    ],
  ])('is, of a charge with %s', (_, uma, status) => {
    expect(statusDe(uma)).toBe(status);
  });
});

describe('the sums of a payment', () => {
  it('are what came in', () => {
    expect([totalPago(paga()), valorNoCartao(paga())]).toEqual([centavos(100), reais(70)]);
    expect([totalExcedente(paga()), totalExcedente(excedente())]).toEqual([0n, centavos(5)]);
    const pouco = fold([COM_CREDITO, capturado(69)]) as CobrancaAprovada;
    expect([totalExcedente(pouco), pagaPorInteiro(pouco)]).toEqual([0n, false]);
    expect([pagaPorInteiro(paga()), pagaPorInteiro(excedente())]).toEqual([true, true]);
    // Its credit had gone back before the card was paid.
    const tarde = fold([COM_CREDITO, CANCELADA, capturado(70)]) as CobrancaAprovada;
    expect([totalPago(tarde), pagaPorInteiro(tarde)]).toEqual([centavos(70), false]);
  });

  it('are what goes back, by means', () => {
    const uma = paga(pedido(1, 30, 'CREDITO'), feito(1, 30), pedido(2, 20), pedido(3, 9), falhou(3, 9));
    expect(totalComprometido(uma)).toBe(centavos(50));
    expect([totalComprometido(uma, 'CREDITO'), totalComprometido(uma, 'CARTAO')]).toEqual([
      centavos(30),
      centavos(20),
    ]);
    expect([totalEstornado(uma), totalDisponivel(uma)]).toEqual([centavos(30), centavos(50)]);
    expect(totalEstornado(excedente(feito(1, 5)))).toBe(0n);
    expect(estornosDoCobrado(excedente(pedido(2, 1))).map(({ numero }) => numero)).toEqual([2]);
  });

  it.each<[string, PagamentoEvent[], number]>([
    ['none', [], 0],
    ['open', [aberta(50)], 0],
    ['won', [aberta(50), fim('won')], 0],
    ['lost', [aberta(50), fim('lost')], 50],
    ['lost beside a refund', [pedido(1, 10), aberta(50), fim('lost')], 60],
    ['lost over all of it', [pedido(1, 20), aberta(50), fim('lost')], 70],
    ['lost over more than came in', [pedido(1, 20), aberta(51), fim('lost')], 70],
  ])('are what a dispute keeps of the card: %s', (_, eventos, fora) => {
    expect(totalIndisponivel(paga(...eventos), 'CARTAO')).toBe(centavos(fora));
    expect(totalIndisponivel(paga(...eventos), 'CREDITO')).toBe(0n);
  });

  it.each<[string, Cobranca, number]>([
    ['open', cobranca(COM_CREDITO), 30],
    ['closed', cobranca(COM_CREDITO, CANCELADA), 0],
    ['paid', paga(), 30],
    ['paid late', cobranca(COM_CREDITO, CANCELADA, capturado(70)), 0],
    ['given back in part', paga(pedido(1, 10, 'CREDITO'), feito(1, 10), pedido(2, 5)), 20],
  ])('are the credit that is kept for it: %s', (_, uma, retidos) => {
    expect(creditosRetidos(uma)).toBe(centavos(retidos));
  });
});

describe('a reservation', () => {
  it.each<[string, Cobranca, boolean]>([
    ['paid in full', paga(), true],
    ['with a part that goes back', paga(pedido(1, 70)), true],
    ['with all of it going back', paga(pedido(1, 30, 'CREDITO'), pedido(2, 70)), false],
    ['not paid', cobranca(...PENDENTE), false],
    ['paid too little', cobranca(COM_CREDITO, capturado(69)), false],
  ])('stands or falls with its payment: %s', (_, uma, sustenta) => {
    expect(sustentaReserva(uma)).toBe(sustenta);
  });
});

it('tells open disputes from lost ones, and refunds under way from those that are over', () => {
  const disputas = (...eventos: PagamentoEvent[]) => {
    const uma = paga(...eventos);
    return [emDisputa(uma), perdeuDisputa(uma)];
  };
  expect(disputas()).toEqual([false, false]);
  expect(disputas(aberta(1, { consulta: true }))).toEqual([false, false]);
  expect(disputas(aberta(1))).toEqual([true, false]);
  expect(disputas(aberta(1), fim('won'))).toEqual([false, false]);
  expect(disputas(aberta(1), fim('lost'))).toEqual([false, true]);
  expect((['SOLICITADO', 'PENDENTE', 'CONCLUIDO', 'FALHOU'] as const).map(emCurso)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

describe('what can still be given back', () => {
  it.each<[string, Cobranca, [number, number] | undefined]>([
    ['not paid', cobranca(...PENDENTE), undefined],
    ['paid', paga(), [100, 30]],
    ['a part back', paga(pedido(1, 30, 'CREDITO'), feito(1, 30), pedido(2, 20)), [50, 0]],
    ['lost to the bank', paga(aberta(70), fim('lost')), [30, 30]],
    ['a surplus that has not gone back', fold([COM_CREDITO, capturado(75)]) as Cobranca, [100, 30]],
    ['a surplus that goes back', excedente(), [100, 30]],
  ])('is of what was charged: %s', (_, uma, valores) => {
    const [valor, creditos] = valores ?? [];
    const esperado =
      valor === undefined ? undefined : { valor: reais(valor), creditos: reais(creditos ?? 0) };
    expect(devolvivelDe(uma)).toEqual(esperado);
  });

  it('says what a movement is part of', () => {
    const cartao = { ...pedido(2, 20), pedido: 1 } as PagamentoEvent;
    const uma = paga(pedido(1, 10, 'CREDITO'), cartao, pedido(3, 1));
    const parte = { numero: 1, movimentos: 2, origem: 'ADMIN', valor: reais(30), creditos: reais(10) };
    expect([pedidoDe(uma, 1), pedidoDe(uma, 2)]).toEqual([parte, parte]);
    expect(pedidoDe(uma, 3)).toEqual({
      ...parte,
      numero: 3,
      movimentos: 1,
      valor: reais(1),
      creditos: reais(0),
    });
    expect(pedidoDe(uma, 4)).toBeUndefined();
  });
});

describe('an event as a movement of credit', () => {
  const em = T0;
  const usado = { tipo: 'CREDITO_USADO', valor: reais(30) };
  it.each<[string, Cobranca, PagamentoEvent, object | undefined]>([
    ['charged with credit', paga(), COM_CREDITO, { ...usado, em: T0 }],
    ['charged without', paga(), CRIADA, undefined],
    ['used later', paga(), { tipo: 'CreditosUsados', creditos: reais(30), em }, { ...usado, em }],
    ['used to no avail', paga(), { tipo: 'CreditosUsados', creditos: reais(0), em }, undefined],
    [
      'closed with credit',
      cobranca(COM_CREDITO, CANCELADA),
      CANCELADA,
      { tipo: 'CREDITO_DEVOLVIDO', valor: reais(30), em: CANCELADA.em },
    ],
    ['closed without', cobranca(CRIADA, CANCELADA), CANCELADA, undefined],
    [
      'back as credit',
      paga(pedido(1, 10, 'CREDITO')),
      feito(1, 10),
      { tipo: 'CREDITO_DEVOLVIDO', valor: reais(10), estorno: 1, em: later(4) },
    ],
    ['back to the card', paga(pedido(1, 5, 'CREDITO'), pedido(2, 10)), feito(2, 10), undefined],
    ['paid', paga(), capturado(70), undefined],
  ])('%s', (_, uma, evento, movimento) => {
    expect(movimentoDeCredito(uma, evento)).toEqual(movimento);
  });
});
