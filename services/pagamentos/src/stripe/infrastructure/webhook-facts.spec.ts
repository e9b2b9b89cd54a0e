import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoView } from '../../pagamento/application/ports.ts';
import type { WebhookRecebido } from '../../webhooks/application/ports.ts';
import { API_VERSION } from './client.ts';
import { InterpreteStripe, TIPOS } from './webhook-facts.ts';

const METADATA = { pagamentoId: 'pag_1', reservaId: 'res_1', clienteId: 'cli_1' };
const DE = { reservaId: 'res_1', clienteId: 'cli_1' };
const VALOR = Dinheiro.deCentavos(10_000n);
const PAGO = { tipo: 'PAGO', pagamentoId: 'pag_1', intencaoId: 'pi_1', valor: VALOR, de: DE };
const NADA = { tipo: 'IRRELEVANTE' };
const NOTICIA = { refundId: 're_1', numero: 1, valor: VALOR, situacao: 'CONCLUIDO', motivo: '' } as const;

const SESSAO = {
  ...{ id: 'cs_1', metadata: METADATA, payment_status: 'paid', payment_intent: 'pi_1' },
  ...{ amount_total: 10_000, currency: 'brl' },
};
const INTENCAO = { id: 'pi_1', metadata: METADATA, amount_received: 10_000, currency: 'brl' };
const DISPUTA = {
  ...{ id: 'dp_1', payment_intent: 'pi_1', reason: 'fraudulent', amount: 10_000, currency: 'brl' },
  status: 'needs_response',
};

const evento = (type: string, object: object, resto: object = {}): WebhookRecebido => {
  const event = { id: 'evt_1', api_version: API_VERSION, livemode: false, type, data: { object }, ...resto };
  return { id: 'evt_1', tipo: type, payload: JSON.stringify(event) };
};

interface Mundo {
  /** How Stripe says that the session stands. */
  readonly situacao?: 'ABERTA' | 'PAGA' | 'EXPIRADA';
  readonly intencaoDaSessao?: string | undefined;
  /** Captures on record here, and whose they are. */
  readonly conhecidas?: Record<string, string>;
  /** Whose a capture is, as Stripe says. */
  readonly deQuem?: string;
  readonly aprovado?: boolean;
  readonly chave?: string;
}

function interprete(mundo: Mundo = {}) {
  const { conhecidas = {}, situacao = 'PAGA', aprovado, deQuem, chave = 'sk_test_1' } = mundo;
  const intencaoId = 'intencaoDaSessao' in mundo ? mundo.intencaoDaSessao : 'pi_1';
  return new InterpreteStripe(
    {
      consultarSessao: async () => ({ situacao, valor: VALOR, intencaoId }),
      consultarEstorno: async (refundId) => ({ ...NOTICIA, refundId }),
      listarEstornos: async (intencao) => [{ ...NOTICIA, motivo: intencao }],
      pagamentoDaIntencao: async () => deQuem,
    },
    {
      idPorIntencao: async (id) => conhecidas[id],
      findById: async () => ({ aprovadoEm: aprovado ? new Date(0) : undefined }) as PagamentoView,
    },
    chave,
  );
}

const SESSOES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
];

describe('what an event says by itself', () => {
  const assinado = (type: string, object: object) => interprete().fatoAssinado(evento(type, object));

  it.each(SESSOES)('%s: that a session is paid, and for whom', (tipo) => {
    expect(assinado(tipo, SESSAO)).toEqual(PAGO);
    expect(assinado(tipo, { ...SESSAO, payment_intent: { id: 'pi_1' } })).toEqual(PAGO);
    expect(assinado(tipo, { ...SESSAO, metadata: { pagamentoId: 'pag_1' } })).toEqual({
      ...PAGO,
      de: { reservaId: '', clienteId: '' },
    });
  });

  it.each<[string, object]>([
    ['unpaid', { payment_status: 'unpaid' }],
    ['without an intent', { payment_intent: null }],
    ['without an amount', { amount_total: null }],
    ['without a currency', { currency: null }],
  ])('nothing of a session that is %s', (_, falta) => {
    expect(assinado('checkout.session.completed', { ...SESSAO, ...falta })).toBeUndefined();
  });

  it.each<[string, object | null]>([
    ['of another program', {}],
    ['without metadata', null],
  ])('that a session %s is none of ours', (_, metadata) => {
    expect(assinado('checkout.session.completed', { ...SESSAO, metadata })).toEqual(NADA);
  });

  it('that an intent has succeeded', () => {
    expect(assinado('payment_intent.succeeded', INTENCAO)).toEqual(PAGO);
    expect(assinado('payment_intent.succeeded', { ...INTENCAO, metadata: {} })).toEqual(NADA);
  });

  it.each<[string, object | undefined, object]>([
    [
      'with the code of the bank',
      { decline_code: 'funds', code: 'x', charge: 'ch_1' },
      { recusaId: 'ch_1', codigo: 'funds' },
    ],
    [
      'with the code of Stripe',
      { code: 'card_declined', charge: 'ch_1' },
      { recusaId: 'ch_1', codigo: 'card_declined' },
    ],
    ['of a card', { payment_method: { type: 'card' }, code: 'x' }, { recusaId: 'evt_1', codigo: 'x' }],
    ['that says nothing', {}, { recusaId: 'evt_1', codigo: 'desconhecido' }],
    ['without an error', undefined, { recusaId: 'evt_1', codigo: 'desconhecido' }],
  ])('that a payment was declined, %s', (_, last_payment_error, dito) => {
    const recusada = assinado('payment_intent.payment_failed', { ...INTENCAO, last_payment_error });
    expect(recusada).toEqual({ tipo: 'RECUSADO', pagamentoId: 'pag_1', ...dito });
  });

  it('nothing of a decline of another method, or of another program', () => {
    const last_payment_error = { payment_method: { type: 'boleto' } };
    const falhou = (object: object) => assinado('payment_intent.payment_failed', object);
    expect(falhou({ ...INTENCAO, last_payment_error })).toEqual(NADA);
    expect(falhou({ ...INTENCAO, metadata: {} })).toEqual(NADA);
  });

  it('nothing of refunds and disputes', () => {
    expect(assinado('refund.created', {})).toBeUndefined();
    expect(assinado('charge.dispute.closed', DISPUTA)).toBeUndefined();
  });
});

describe('what an event means once Stripe was asked', () => {
  const interpretar = (type: string, object: object, mundo: Mundo = {}) =>
    interprete(mundo).interpretar(evento(type, object));
  const ABERTA = { ...SESSAO, payment_status: 'unpaid' };

  it.each(SESSOES)('%s: how its session stands now', async (tipo) => {
    expect(await interpretar(tipo, SESSAO, { situacao: 'EXPIRADA' })).toEqual(PAGO);
    expect(await interpretar(tipo, ABERTA)).toEqual(PAGO);
    expect(await interpretar(tipo, ABERTA, { situacao: 'ABERTA' })).toEqual(NADA);
    expect(await interpretar(tipo, ABERTA, { situacao: 'EXPIRADA' })).toEqual({
      ...{ tipo: 'EXPIRADO', pagamentoId: 'pag_1', sessaoId: 'cs_1' },
    });
    const semIntencao = interpretar(tipo, ABERTA, { intencaoDaSessao: undefined });
    await expect(semIntencao).rejects.toThrow('session cs_1 is paid without a payment intent');
  });

  const conhecidas = { pi_1: 'pag_1' };
  const REFUND = { id: 're_1', payment_intent: 'pi_1' };
  const CHARGE = { payment_intent: { id: 'pi_1' } };
  const ESTORNOS = { tipo: 'ESTORNOS', pagamentoId: 'pag_1' };
  const noticia = {
    disputaId: 'dp_1',
    motivo: 'fraudulent',
    valor: VALOR,
    situacao: 'ABERTA',
    resultado: '',
  };

  it.each<[string, object, object]>([
    ['refund.created', REFUND, { ...ESTORNOS, noticias: [NOTICIA] }],
    ['refund.updated', REFUND, { ...ESTORNOS, noticias: [NOTICIA] }],
    ['refund.failed', REFUND, { ...ESTORNOS, noticias: [NOTICIA] }],
    ['charge.refunded', CHARGE, { ...ESTORNOS, noticias: [{ ...NOTICIA, motivo: 'pi_1' }] }],
    ['charge.dispute.created', DISPUTA, { tipo: 'DISPUTA', pagamentoId: 'pag_1', noticia }],
    ['charge.dispute.updated', DISPUTA, { tipo: 'DISPUTA', pagamentoId: 'pag_1', noticia }],
    ['charge.dispute.closed', DISPUTA, { tipo: 'DISPUTA', pagamentoId: 'pag_1', noticia }],
  ])('%s: of which payment it tells', async (tipo, object, fato) => {
    expect(await interpretar(tipo, object, { conhecidas })).toEqual(fato);
    // Captures of other programs, and what has none.
    expect(await interpretar(tipo, object)).toEqual(NADA);
    expect(await interpretar(tipo, { ...object, payment_intent: null }, { conhecidas })).toEqual(NADA);
    // Ours, and quicker than its approval: it has to come again.
    const cedo = interpretar(tipo, object, { deQuem: 'pag_1' });
    await expect(cedo).rejects.toThrow('capture pi_1 is not on record yet');
    // Ours, and another capture has paid.
    expect(await interpretar(tipo, object, { deQuem: 'pag_1', aprovado: true })).toEqual(NADA);
  });

  it('nothing for any other event', async () => {
    expect(await interpretar('customer.created', {})).toEqual(NADA);
    expect(interprete().interessa('customer.created')).toBe(false);
    for (const tipo of TIPOS) expect(interprete().interessa(tipo)).toBe(true);
  });
});

describe('an event that is not for us', () => {
  const lido = (resto: object, chave?: string) =>
    interprete(chave === undefined ? {} : { chave }).fatoAssinado(
      evento('payment_intent.succeeded', INTENCAO, resto),
    );

  it('is of another release than this program was made for', () => {
    expect(() => lido({ api_version: '2026-10-28.outra' })).toThrow(
      expect.objectContaining({ motivo: 'VERSAO_DESCONHECIDA' }),
    );
    expect(lido({ api_version: API_VERSION.replace(/^[^.]*/, '2027-01-01') })).toEqual(PAGO);
  });

  it.each<[string, boolean, boolean]>([
    ['sk_test_1', true, false],
    ['sk_test_1', false, true],
    ['rk_live_1', false, false],
    ['rk_live_1', true, true],
    ['a key that does not say', true, true],
    ['a key that does not say', false, true],
    // An event that does not say which mode it is of.
    ['sk_live_1', undefined as never, true],
  ])('is of the other mode than the key: %s, livemode %s', (chave, livemode, aceito) => {
    const ler = () => lido({ livemode }, chave);
    if (aceito) expect(ler()).toEqual(PAGO);
    else expect(ler).toThrow(expect.objectContaining({ motivo: 'MODO_DIVERGENTE' }));
  });
});
