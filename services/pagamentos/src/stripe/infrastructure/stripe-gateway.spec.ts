import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Stripe } from 'stripe';
import { script } from '../../../test/in-memory.ts';
import { StripeGateway } from './stripe-gateway.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const VALOR = Dinheiro.deCentavos(10_000n);
const SESSAO = {
  ...{
    id: 'cs_1',
    url: 'https://c',
    expires_at: AGORA.getTime() / 1000,
    amount_total: 10_000,
    currency: 'brl',
  },
  ...{ status: 'open', payment_status: 'unpaid', payment_intent: null },
};
const REFUND = {
  ...{ id: 're_1', status: 'succeeded', amount: 10_000, currency: 'brl' },
  metadata: { pagamentoId: 'pag_1', numero: '2' },
};

let clock: FixedClock;
let gateway: StripeGateway | undefined;
let asked: unknown[][];

beforeEach(() => {
  clock = new FixedClock(AGORA.toISOString());
});

afterEach(() => gateway?.close());

/** @param respostas what Stripe answers to each method, in order */
function comStripe(respostas: Record<string, unknown[]>): StripeGateway {
  const scripted = script(respostas);
  asked = scripted.asked;
  const { method } = scripted;
  const stripe = {
    checkout: {
      sessions: { create: method('create'), retrieve: method('retrieve'), expire: method('expire') },
    },
    refunds: { create: method('refund'), retrieve: method('refunded'), list: method('refunds') },
    disputes: { retrieve: method('dispute') },
    paymentIntents: { retrieve: method('intent') },
  } as unknown as Stripe;
  const paginas = {
    successUrl: 'https://l/ok/{RESERVA_ID}?x={RESERVA_ID}',
    cancelUrl: 'https://l/{RESERVA_ID}',
  };
  gateway = new StripeGateway({ stripe, clock, ...paginas });
  return gateway;
}

const recusa = (fields: object = {}) =>
  new Stripe.errors.StripeInvalidRequestError({
    message: 'x',
    type: 'invalid_request_error',
    ...fields,
  } as never);
const fora = () =>
  new Stripe.errors.StripeAPIError({ message: 'x', type: 'api_error', statusCode: 500 } as never);
const cheio = (seconds: string) =>
  new Stripe.errors.StripeRateLimitError({
    ...{ message: 'x', type: 'rate_limit_error', statusCode: 429 },
    headers: { 'retry-after': seconds },
  } as never);

describe('a checkout at Stripe', () => {
  const pedido = {
    ...{ pagamentoId: 'pag_1', reservaId: 'res/1', clienteId: 'cli_1', tentativa: 2, valor: VALOR },
    ...{ descricao: 'Sala Azul', expiraEm: AGORA },
  };

  it('is asked for with what is on record, under the key of its attempt', async () => {
    const aberta = await comStripe({ create: [SESSAO] }).abrirCheckout(pedido);
    expect(aberta).toEqual({ sessaoId: 'cs_1', url: 'https://c', expiraEm: AGORA });
    const metadata = { pagamentoId: 'pag_1', reservaId: 'res/1', clienteId: 'cli_1', tentativa: '2' };
    const price_data = { currency: 'brl', unit_amount: 10_000, product_data: { name: 'Sala Azul' } };
    const params = {
      ...{ mode: 'payment', allowed_payment_method_types: ['card'], locale: 'pt-BR', metadata },
      ...{ client_reference_id: 'res/1', line_items: [{ quantity: 1, price_data }] },
      payment_intent_data: { metadata, description: 'Sala Azul' },
      ...{ expires_at: AGORA.getTime() / 1000, success_url: 'https://l/ok/res%2F1?x=res%2F1' },
      cancel_url: 'https://l/res%2F1',
    };
    expect(asked).toEqual([['create', params, { idempotencyKey: 'cobranca:pag_1:2' }]]);
  });

  it('has an address', async () => {
    const semEndereco = comStripe({ create: [{ ...SESSAO, url: null }] }).abrirCheckout(pedido);
    await expect(semEndereco).rejects.toThrow('session cs_1 has no address');
  });

  it('is asked for once when Stripe refuses', async () => {
    await expect(comStripe({ create: [recusa()] }).abrirCheckout(pedido)).rejects.toMatchObject({
      ...{ name: 'GatewayError', falha: 'RECUSADO' },
    });
    expect(asked).toHaveLength(1);
  });

  it('is asked for once when Stripe wants a long pause', async () => {
    await expect(comStripe({ create: [cheio('2')] }).abrirCheckout(pedido)).rejects.toMatchObject({
      name: 'ProviderAwayError',
    });
    expect(asked).toHaveLength(1);
  });

  it('is asked for once when the defect is ours', async () => {
    const defeito = new TypeError('x');
    await expect(comStripe({ create: [defeito] }).abrirCheckout(pedido)).rejects.toBe(defeito);
    expect(asked).toHaveLength(1);
  });

  it('is asked for three times while Stripe fails', async () => {
    const tentada = comStripe({ create: [fora(), fora(), fora(), SESSAO] }).abrirCheckout(pedido);
    await expect(tentada).rejects.toMatchObject({ name: 'ProviderAwayError' });
    expect(asked).toHaveLength(3);
  });
});

describe('a session at Stripe', () => {
  it.each<[string, object, object]>([
    ['open', {}, { situacao: 'ABERTA', intencaoId: undefined }],
    ['expired', { status: 'expired' }, { situacao: 'EXPIRADA' }],
    [
      'paid',
      { status: 'complete', payment_status: 'paid', payment_intent: 'pi_1' },
      { situacao: 'PAGA', intencaoId: 'pi_1' },
    ],
    [
      'paid, with its intent',
      { status: 'complete', payment_status: 'paid', payment_intent: { id: 'pi_1', status: 'succeeded' } },
      { situacao: 'PAGA', intencaoId: 'pi_1' },
    ],
    [
      'complete, its money on its way',
      { status: 'complete', payment_intent: { id: 'pi_1', status: 'processing' } },
      { situacao: 'ABERTA' },
    ],
    [
      'complete, of an intent that is not told',
      { status: 'complete', payment_intent: 'pi_1' },
      { situacao: 'ABERTA' },
    ],
    ['complete without an intent', { status: 'complete' }, { situacao: 'ABERTA' }],
    [
      'complete, its money lost',
      { status: 'complete', payment_intent: { id: 'pi_1', status: 'canceled' } },
      { situacao: 'EXPIRADA' },
    ],
    [
      'complete, its money refused',
      { status: 'complete', payment_intent: { id: 'pi_1', status: 'requires_payment_method' } },
      { situacao: 'EXPIRADA' },
    ],
    [
      'open, a card declined',
      { payment_intent: { id: 'pi_1', status: 'requires_payment_method' } },
      { situacao: 'ABERTA' },
    ],
  ])('stands as Stripe says: %s', async (_, campos, esperada) => {
    const situacao = await comStripe({ retrieve: [{ ...SESSAO, ...campos }] }).consultarSessao('cs_1');
    expect(situacao).toMatchObject({ valor: VALOR, ...esperada });
    expect(asked).toEqual([['retrieve', 'cs_1', { expand: ['payment_intent'] }]]);
  });

  it.each<[string, object]>([
    ['amount', { amount_total: null }],
    ['currency', { currency: null }],
  ])('has an %s', async (_, campos) => {
    const lida = comStripe({ retrieve: [{ ...SESSAO, ...campos }] }).consultarSessao('cs_1');
    await expect(lida).rejects.toThrow('session cs_1 has no amount');
  });

  it('is expired under a key of that try', async () => {
    const expirada = { ...SESSAO, status: 'expired' };
    expect(await comStripe({ expire: [expirada] }).encerrarSessao('cs_1', 3)).toMatchObject({
      situacao: 'EXPIRADA',
    });
    expect(asked).toEqual([['expire', 'cs_1', {}, { idempotencyKey: 'encerramento:cs_1:3' }]]);
  });

  it('is asked about when it cannot be expired any more', async () => {
    const paga = { ...SESSAO, payment_status: 'paid', payment_intent: 'pi_1' };
    const encerrada = comStripe({ expire: [recusa()], retrieve: [paga] }).encerrarSessao('cs_1', 1);
    expect(await encerrada).toMatchObject({ situacao: 'PAGA', intencaoId: 'pi_1' });
  });

  it.each<[string, unknown]>([
    ['Stripe is away', fora()],
    ['the defect is ours', new TypeError('x')],
  ])('is not asked about when %s', async (_, erro) => {
    await expect(comStripe({ expire: [erro] }).encerrarSessao('cs_1', 1)).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });
});

describe('a refund at Stripe', () => {
  const DITA = { refundId: 're_1', numero: 2, valor: VALOR, situacao: 'CONCLUIDO', motivo: '' };
  const pedido = { pagamentoId: 'pag_1', reservaId: 'res_1', intencaoId: 'pi_1', numero: 2, valor: VALOR };

  it.each([
    [1, 'estorno:pag_1:2'],
    [3, 'estorno:pag_1:2:3'],
  ])('is asked for under the key of its attempt %s', async (tentativa, idempotencyKey) => {
    expect(await comStripe({ refund: [REFUND] }).devolver({ ...pedido, tentativa })).toEqual(DITA);
    const metadata = { pagamentoId: 'pag_1', reservaId: 'res_1', numero: '2' };
    const params = { payment_intent: 'pi_1', amount: 10_000, reason: 'requested_by_customer', metadata };
    expect(asked).toEqual([['refund', params, { idempotencyKey }]]);
  });

  it.each<[string, object, object]>([
    ['done', {}, DITA],
    ['pending', { status: 'pending' }, { ...DITA, situacao: 'PENDENTE' }],
    ['waiting for the customer', { status: 'requires_action' }, { ...DITA, situacao: 'PENDENTE' }],
    [
      'failed',
      { status: 'failed', failure_reason: 'lost_or_stolen_card' },
      { ...DITA, situacao: 'FALHOU', motivo: 'lost_or_stolen_card' },
    ],
    ['cancelled', { status: 'canceled' }, { ...DITA, situacao: 'FALHOU', motivo: 'canceled' }],
    ['made by hand', { metadata: { numero: '7' } }, { ...DITA, numero: undefined }],
    ['without metadata', { metadata: null }, { ...DITA, numero: undefined }],
  ])('stands as Stripe says: %s', async (_, campos, dita) => {
    const refunded = { ...REFUND, ...campos };
    expect(await comStripe({ refunded: [refunded] }).consultarEstorno('re_1')).toEqual(dita);
    expect(await comStripe({ refunds: [{ data: [refunded] }] }).listarEstornos('pi_1')).toEqual([dita]);
    expect(asked).toEqual([['refunds', { payment_intent: 'pi_1', limit: 100 }]]);
  });
});

it('says whose a capture is, and how a dispute stands', async () => {
  const disputa = { id: 'dp_1', reason: 'fraudulent', amount: 10_000, currency: 'brl' };
  const dita = { disputaId: 'dp_1', motivo: 'fraudulent', valor: VALOR };
  const estados = ['warning_needs_response', 'needs_response', 'won', 'lost', 'prevented', 'warning_closed'];
  const stripe = comStripe({
    intent: [{ metadata: { pagamentoId: 'pag_1' } }, { metadata: {} }],
    dispute: estados.map((status) => ({ ...disputa, status })),
  });
  expect(await stripe.pagamentoDaIntencao('pi_1')).toBe('pag_1');
  expect(await stripe.pagamentoDaIntencao('pi_2')).toBeUndefined();
  expect(await stripe.consultarDisputa('dp_1')).toEqual({ ...dita, situacao: 'CONSULTA', resultado: '' });
  expect(await stripe.consultarDisputa('dp_1')).toEqual({ ...dita, situacao: 'ABERTA', resultado: '' });
  for (const resultado of ['won', 'lost', 'prevented', 'warning_closed'])
    expect(await stripe.consultarDisputa('dp_1')).toEqual({ ...dita, situacao: 'ENCERRADA', resultado });
});

describe('a pause that Stripe asks for', () => {
  const perguntar = async (stripe: StripeGateway) =>
    stripe.pagamentoDaIntencao('pi_1').then(
      () => 'asked',
      (error) => error.message,
    );
  const pausado = async () => {
    const stripe = comStripe({ intent: [cheio('10'), { metadata: {} }, { metadata: {} }] });
    expect(await perguntar(stripe)).toMatch(/^Stripe: /);
    return stripe;
  };

  it('is kept to its end, and no longer', async () => {
    const stripe = await pausado();
    clock.advance(9_999);
    expect(await perguntar(stripe)).toBe('Stripe wants no calls for another 1 ms');
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect([await perguntar(stripe), await perguntar(stripe)]).toEqual(['asked', 'asked']);
  });

  it('ends when the clock is set back', async () => {
    const stripe = await pausado();
    clock.advance(-1);
    expect(await perguntar(stripe)).toBe('asked');
  });

  it('is not cut short by a shorter one that was asked for meanwhile', async () => {
    const stripe = comStripe({ intent: [cheio('10')], refunded: [cheio('1')] });
    await Promise.all([perguntar(stripe), stripe.consultarEstorno('re_1').catch(() => {})]);
    expect(await perguntar(stripe)).toBe('Stripe wants no calls for another 10000 ms');
  });
});
