import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type PagamentosService,
  TipoTransacao,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { ServiceParts } from '@plataforma/runtime/service';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Stripe } from 'stripe';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { PostgresCaixaDeWebhooks } from '../../src/webhooks/infrastructure/caixa-de-webhooks.ts';
import {
  outboxOf,
  type PagamentosUnderTest,
  sign,
  startPagamentos,
  WEBHOOK_SECRETS,
} from '../pagamentos-under-test.ts';
import type { Session } from '../stripe-server.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let ativa: ServiceParts | undefined;
let numero = 0;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
});

afterEach(async () => {
  if (ativa) await system.stopBackground(ativa);
  ativa = undefined;
});

afterAll(() => system.stop());

/** A charge with an open checkout. */
async function cobrar(): Promise<{ pagamento: Pagamento; session: Session }> {
  const pagamento = await admin.criarCobranca({
    reservaId: `res_${++numero}`,
    clienteId: 'cli_1',
    valor: { centavos: 10_000n, moeda: 'BRL' },
    descricao: 'Sala Azul',
    expiraEm: timestampFromDate(new Date(clock.now().getTime() + 15 * 60_000)),
  });
  return { pagamento, session: system.stripe.sessionOf(pagamento.id) };
}

/** Another instance over the same database, and its background work. */
async function trabalhar(): Promise<void> {
  ativa = system.createInstance();
  await system.startBackground(ativa);
}

const evento = (type: string, object: object) => ({
  id: `evt_${++numero}`,
  object: 'event',
  api_version: Stripe.API_VERSION,
  type,
  data: { object },
});

const concluida = (session: Session) => evento('checkout.session.completed', session);

function intencao(type: string, session: Session, mudanca: object = {}) {
  const id = session.id.replace('cs_', 'pi_');
  const { metadata, amount_total: amount_received, currency } = session;
  return evento(type, { id, object: 'payment_intent', metadata, amount_received, currency, ...mudanca });
}

/** Of a payment that somebody else makes in the same Stripe account. */
const alheio = () => evento('payment_intent.succeeded', { id: 'pi_x', metadata: {} });

const recusa = (session: Session, charge: string) =>
  intencao('payment_intent.payment_failed', session, {
    last_payment_error: { charge, code: 'card_declined', decline_code: 'insufficient_funds' },
  });

async function entregar(event: object, secret?: string): Promise<number> {
  const body = JSON.stringify(event);
  return (await system.postWebhook(body, sign(body, clock.now(), secret))).status;
}

async function webhook({ id }: { id: string }) {
  const [row] = await system.dataSource.query('select * from webhooks_stripe where id = $1', [id]);
  return row;
}

/** Every one of them has been dealt with. */
const tratados = (...events: Array<{ id: string }>) =>
  eventually(async () => {
    for (const event of events) expect((await webhook(event)).estado).not.toBe('PENDENTE');
  });

/** Webhooks refused so far, as the metrics have it. */
async function recusados(): Promise<number> {
  const metricas = await (await system.get('/metrics')).text();
  const valores = metricas.matchAll(/^pagamentos_webhooks_recusados_total\{.*\} (\d+)$/gm);
  return [...valores].reduce((total, [, valor]) => total + Number(valor), 0);
}

const fatos = async (id: string) =>
  (await outboxOf(system.dataSource, id)).map(({ assunto }) => assunto.replace('pagamentos.v1.', ''));

describe('POST /api/v1/webhooks/stripe', () => {
  it.each(WEBHOOK_SECRETS)('stores an event signed with the secret %s', async (secret) => {
    const event = alheio();
    expect(await entregar(event, secret)).toBe(200);
    expect(await webhook(event)).toMatchObject({ tipo: event.type, estado: 'PENDENTE' });
  });

  it('puts aside at once what says nothing here', async () => {
    const event = evento('customer.created', {});
    expect(await entregar(event)).toBe(200);
    expect(await webhook(event)).toMatchObject({
      tipo: 'customer.created',
      estado: 'IGNORADO',
      tentativas: 0,
    });
  });

  it.each<[string, (body: string) => string | undefined]>([
    ['there is no signature', () => undefined],
    ['the signature is not one', () => 'nonsense'],
    ['the secret is another', (body) => sign(body, clock.now(), 'whsec_foreign_0123456789')],
    ['the signature is of another body', () => sign('{}', clock.now())],
    ['the time stamp is too old', (body) => sign(body, new Date(clock.now().getTime() - 301_000))],
    ['the time stamp is in the future', (body) => sign(body, new Date(clock.now().getTime() + 301_000))],
  ])('refuses and stores nothing when %s', async (_, signature) => {
    const event = evento('customer.created', {});
    const body = JSON.stringify(event);
    const antes = await recusados();
    const response = await system.postWebhook(body, signature(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: 'invalid_argument',
      message: expect.stringContaining('assinatura'),
      reason: 'ASSINATURA_INVALIDA',
      requestId: response.headers.get('x-request-id'),
      details: {},
    });
    expect(await webhook(event)).toBeUndefined();
    expect(await recusados()).toBe(antes + 1);
  });

  it.each(['not json', '[]', 'null', '{"id":"evt_1"}', '{"id":7,"type":"x"}', ''])(
    'refuses the signed body %j',
    async (body) => {
      expect((await system.postWebhook(body, sign(body, clock.now()))).status).toBe(400);
    },
  );

  it('refuses a body over 512 KiB', async () => {
    const body = JSON.stringify(evento('x', { texto: 'a'.repeat(512 * 1024) }));
    expect((await system.postWebhook(body, sign(body, clock.now()))).status).toBe(413);
  });
});

describe('a payment', () => {
  it('is approved once when the same webhook comes three times at once', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const event = concluida(session);
    await trabalhar();
    expect(await Promise.all([entregar(event), entregar(event), entregar(event)])).toEqual([200, 200, 200]);
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
    expect(await admin.obterPagamento({ pagamentoId: pagamento.id })).toMatchObject({
      status: StatusPagamento.APROVADO,
    });
  });

  it('is approved once when two events tell of the same capture', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const events = [concluida(session), intencao('payment_intent.succeeded', session)];
    await Promise.all(events.map((event) => entregar(event)));
    await trabalhar();
    await tratados(...events);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
    expect(await Promise.all(events.map(webhook))).toMatchObject([
      { estado: 'PROCESSADO' },
      { estado: 'PROCESSADO' },
    ]);
  });

  it('stays approved when a decline and an expiry come late', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const paga = intencao('payment_intent.succeeded', session);
    await entregar(paga);
    await trabalhar();
    await tratados(paga);
    const tardios = [recusa(session, 'ch_1'), evento('checkout.session.expired', session)];
    for (const event of tardios) await entregar(event);
    await tratados(...tardios);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('is approved when its expiry comes first but Stripe says that it is paid', async () => {
    const { pagamento, session } = await cobrar();
    const expirada = evento('checkout.session.expired', session);
    system.stripe.pay(session);
    await entregar(expirada);
    await trabalhar();
    await tratados(expirada);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('tells of each decline once and stays open', async () => {
    const { pagamento, session } = await cobrar();
    const events = [recusa(session, 'ch_1'), recusa(session, 'ch_1'), recusa(session, 'ch_2')];
    for (const event of events) await entregar(event);
    await trabalhar();
    await tratados(...events);
    expect((await outboxOf(system.dataSource, pagamento.id)).slice(1)).toMatchObject([
      { assunto: 'pagamentos.v1.PagamentoRecusado', payload: { codigo: 'insufficient_funds' } },
      { assunto: 'pagamentos.v1.PagamentoRecusado', payload: { codigo: 'insufficient_funds' } },
    ]);
    expect(await admin.obterPagamento({ pagamentoId: pagamento.id })).toMatchObject({
      status: StatusPagamento.PENDENTE,
      recusas: 2,
    });
  });

  it('tells of no declined card when it was another method that failed', async () => {
    const { pagamento, session } = await cobrar();
    const falha = (type: string) =>
      intencao('payment_intent.payment_failed', session, {
        last_payment_error: { code: 'failed', payment_method: { type } },
      });
    const events = [falha('boleto'), falha('card')];
    for (const event of events) await entregar(event);
    await trabalhar();
    await tratados(...events);
    expect(await Promise.all(events.map(webhook))).toMatchObject([
      { estado: 'IGNORADO' },
      { estado: 'PROCESSADO' },
    ]);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoRecusado']);
  });

  it('is closed when Stripe says that its session has expired', async () => {
    const { pagamento, session } = await cobrar();
    session.status = 'expired';
    const event = evento('checkout.session.expired', session);
    await entregar(event);
    await trabalhar();
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
  });

  it('waits for money that is on its way, and is approved when it comes', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.payLater(session);
    const aCaminho = evento('checkout.session.completed', { ...session });
    await entregar(aCaminho);
    await trabalhar();
    await tratados(aCaminho);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    system.stripe.pay(session);
    const paga = evento('checkout.session.async_payment_succeeded', session);
    await entregar(paga);
    await tratados(paga);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it.each(['requires_payment_method', 'canceled'] as const)(
    'is closed when money that was on its way does not come: its intent is %s',
    async (intent_status) => {
      const { pagamento, session } = await cobrar();
      system.stripe.payLater(session);
      Object.assign(session, { intent_status });
      const event = evento('checkout.session.async_payment_failed', session);
      await entregar(event);
      await trabalhar();
      await tratados(event);
      expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
    },
  );

  it('is approved when more was captured than charged, and the surplus goes back once', async () => {
    const { pagamento, session } = await cobrar();
    const { id: pagamentoId } = pagamento;
    const events = [1, 2].map(() =>
      intencao('payment_intent.succeeded', session, { amount_received: 10_250 }),
    );
    Object.assign(session, { payment_intent: session.id.replace('cs_', 'pi_'), amount_total: 10_250 });
    await Promise.all(events.map((event) => entregar(event)));
    await trabalhar();
    await eventually(async () =>
      expect(await fatos(pagamentoId)).toEqual([
        'CobrancaCriada',
        'PagamentoAprovado',
        'EstornoSolicitado',
        'EstornoConcluido',
      ]),
    );
    const ditos = (await outboxOf(system.dataSource, pagamentoId)).map(({ payload }) => payload);
    expect(ditos.slice(1)).toMatchObject([
      { valor: { centavos: '10000' } },
      { valor: { centavos: '250' }, excedente: true },
      { valor: { centavos: '250' }, excedente: true },
    ]);
    expect(system.stripe.refundsOf(pagamentoId)).toMatchObject([{ amount: 250 }]);
    const pago = await admin.obterPagamento({ pagamentoId });
    expect([pago.status, pago.estornado?.centavos]).toEqual([StatusPagamento.APROVADO, 0n]);
    const { transacoes } = await admin.listarTransacoes({ pagamentoId });
    expect(transacoes.map(({ tipo, valor }) => [tipo, valor?.centavos])).toEqual([
      [TipoTransacao.ESTORNO, 250n],
      [TipoTransacao.CAPTURA, 10_250n],
    ]);
    // What was charged can still go back, and no more.
    await admin.estornarPagamento({ pagamentoId, motivo: 'cortesia' });
    await eventually(async () =>
      expect((await admin.obterPagamento({ pagamentoId })).status).toBe(StatusPagamento.ESTORNADO),
    );
    expect(system.stripe.refundsOf(pagamentoId).map(({ amount }) => amount)).toEqual([250, 10_000]);
    expect(await verificarLivro(system.dataSource)).toMatchObject({ defeitos: [] });
  });

  it('is not approved when another currency was captured: somebody has to look', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session, { currency: 'usd' });
    await entregar(event);
    await trabalhar();
    await tratados(event);
    expect(await webhook(event)).toMatchObject({ estado: 'ESTACIONADO', erro: 'CAPTURA_DIVERGENTE' });
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
  });

  it('is given back at once when less was captured than charged', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session, { amount_received: 9_999 });
    Object.assign(session, { payment_intent: session.id.replace('cs_', 'pi_') });
    await entregar(event);
    await trabalhar();
    await eventually(async () =>
      expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'EstornoSolicitado', 'EstornoConcluido']),
    );
    expect(system.stripe.refundsOf(pagamento.id)).toMatchObject([{ amount: 9_999 }]);
    expect(await admin.obterPagamento({ pagamentoId: pagamento.id })).toMatchObject({
      status: StatusPagamento.ESTORNADO,
    });
  });

  it.each([['2026-03-25.dahlia'], ['2020-08-27'], [null]])(
    'is not approved by an event in the version %s: somebody has to look',
    async (api_version) => {
      const { pagamento, session } = await cobrar();
      system.stripe.pay(session);
      await trabalhar();
      const event = { ...intencao('payment_intent.succeeded', session), api_version };
      await entregar(event);
      await tratados(event);
      expect(await webhook(event)).toMatchObject({ estado: 'ESTACIONADO', erro: 'VERSAO_DESCONHECIDA' });
      expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    },
  );

  it.each([['reservaId'], ['clienteId']])(
    'is not approved by money for another %s: somebody has to look',
    async (nome) => {
      const { pagamento, session } = await cobrar();
      system.stripe.pay(session);
      await trabalhar();
      const metadata = { ...session.metadata, [nome]: 'outro' };
      const events = [
        intencao('payment_intent.succeeded', session, { metadata }),
        concluida({ ...session, metadata }),
        concluida({ ...session, metadata, payment_status: 'unpaid' }),
      ];
      for (const event of events) await entregar(event);
      await tratados(...events);
      for (const event of events)
        expect(await webhook(event)).toMatchObject({ estado: 'ESTACIONADO', erro: 'CAPTURA_ALHEIA' });
      expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    },
  );

  it('is approved by an event of the mode of our key only', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    await trabalhar();
    const real = { ...intencao('payment_intent.succeeded', session), livemode: true };
    await entregar(real);
    await tratados(real);
    expect(await webhook(real)).toMatchObject({ estado: 'ESTACIONADO', erro: 'MODO_DIVERGENTE' });
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    const deTeste = { ...intencao('payment_intent.succeeded', session), livemode: false };
    await entregar(deTeste);
    await tratados(deTeste);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('is approved by an event in a later version of the same release', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    await trabalhar();
    const event = { ...concluida(session), api_version: '2099-12-31.endive' };
    await entregar(event);
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });
});

describe('the worker', () => {
  it('finishes what an instance stored before it was killed', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session);
    await entregar(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    await trabalhar();
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('takes over what an instance had in hand when it was killed', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session);
    await entregar(event);
    const caixa = new PostgresCaixaDeWebhooks(system.dataSource);
    const posseAte = new Date(clock.now().getTime() + 10_000);
    for (;;) if ((await caixa.reivindicar(clock.now(), posseAte))[0]?.id === event.id) break;
    clock.advance(10_000);
    await trabalhar();
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('tries again later when Stripe does not answer, and lets others pass', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    // An event that was made before the money came: how the session stands now has to be asked.
    const [presa, outra] = [concluida({ ...session, payment_status: 'unpaid' }), alheio()];
    system.stripe.failNext('unavailable');
    await entregar(presa);
    await trabalhar();
    await eventually(async () =>
      expect(await webhook(presa)).toMatchObject({
        estado: 'PENDENTE',
        tentativas: 0,
        erro: expect.stringContaining('StripeAPIError'),
      }),
    );
    await entregar(outra);
    await tratados(outra);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
    clock.advance(1_000);
    await tratados(presa);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('gives nothing up because Stripe is away, and asks less and less often', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const presa = concluida({ ...session, payment_status: 'unpaid' });
    await entregar(presa);
    await system.dataSource.query('update webhooks_stripe set tentativas = 24 where id = $1', [presa.id]);
    system.stripe.failNext('unavailable', 2);
    clock.advance(60_000);
    await trabalhar();
    const espera = async () => (await webhook(presa)).tentar_em.getTime() - clock.now().getTime();
    await eventually(async () => expect(await espera()).toBeGreaterThan(10_000));
    expect(await webhook(presa)).toMatchObject({ estado: 'PENDENTE', tentativas: 24 });
    clock.advance(3_600_000);
    await eventually(async () => expect(await espera()).toBeGreaterThan(60_000));
    expect(await espera()).toBeLessThanOrEqual(5 * 60_000);
    clock.advance(5 * 60_000);
    await tratados(presa);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('gives up after many attempts and says why', async () => {
    const event = intencao('payment_intent.succeeded', {
      ...(await cobrar()).session,
      currency: 'no currency',
    });
    await entregar(event);
    await system.dataSource.query('update webhooks_stripe set tentativas = 24 where id = $1', [event.id]);
    await trabalhar();
    await tratados(event);
    expect(await webhook(event)).toMatchObject({
      estado: 'ESTACIONADO',
      erro: expect.stringContaining('currency'),
    });
  });

  it.each<[string, object]>([
    ['of a kind that says nothing here', evento('invoice.paid', { id: 'in_1' })],
    ['of a payment that somebody else made', alheio()],
  ])('ignores an event %s', async (_, event) => {
    await entregar(event);
    await trabalhar();
    await tratados(event as { id: string });
    expect(await webhook(event as { id: string })).toMatchObject({ estado: 'IGNORADO' });
  });

  it('waits for the approval when a refund at Stripe is told first', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const refund = system.stripe.refundByHand(session, 4_000);
    const [estorno, paga] = [evento('refund.created', refund), concluida(session)];
    await entregar(estorno);
    await trabalhar();
    await eventually(async () =>
      expect(await webhook(estorno)).toMatchObject({ estado: 'PENDENTE', tentativas: 1 }),
    );
    await entregar(paga);
    await tratados(paga);
    clock.advance(1_000);
    await tratados(estorno);
    expect((await fatos(pagamento.id)).slice(1)).toEqual([
      'PagamentoAprovado',
      'EstornoSolicitado',
      'EstornoConcluido',
    ]);
  });

  it('ignores the refund of a second capture, which itself waits for somebody to look', async () => {
    const { pagamento, session } = await cobrar();
    await trabalhar();
    const primeira = intencao('payment_intent.succeeded', session);
    await entregar(primeira);
    await tratados(primeira);
    // The same charge was paid once more, by another intent.
    const segunda = {
      ...session,
      id: `cs_segunda_${session.id}`,
      payment_intent: `pi_segunda_${session.id}`,
    };
    system.stripe.sessions.set(segunda.id, segunda);
    const [dobro, estorno] = [
      intencao('payment_intent.succeeded', session, { id: segunda.payment_intent }),
      evento('refund.created', system.stripe.refundByHand(segunda, 10_000)),
    ];
    const resumo = evento('charge.refunded', { payment_intent: segunda.payment_intent });
    for (const event of [dobro, estorno, resumo]) await entregar(event);
    await tratados(dobro, estorno, resumo);
    system.stripe.sessions.delete(segunda.id);
    expect(await Promise.all([dobro, estorno, resumo].map(webhook))).toMatchObject([
      { estado: 'ESTACIONADO', erro: 'CAPTURA_DUPLICADA' },
      { estado: 'IGNORADO' },
      { estado: 'IGNORADO' },
    ]);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('ignores a refund of a payment that somebody else made', async () => {
    const event = evento('refund.created', { id: 're_x', payment_intent: 'pi_foreign' });
    await entregar(event);
    await trabalhar();
    await tratados(event);
    expect(await webhook(event)).toMatchObject({ estado: 'IGNORADO' });
  });

  it('sets aside an event of a payment that does not exist', async () => {
    const session = { ...(await cobrar()).session, metadata: { pagamentoId: 'pag_none' } };
    const event = intencao('payment_intent.succeeded', session);
    await entregar(event);
    await trabalhar();
    await tratados(event);
    expect(await webhook(event)).toMatchObject({ estado: 'ESTACIONADO', erro: 'PAGAMENTO_NAO_ENCONTRADO' });
  });
});

describe('an instance at work', () => {
  // The instance behind the HTTP port itself: what comes to it finds a lane that rests, once it has looked for what had
  // been left. It works until the end.
  beforeAll(async () => {
    const { session } = await cobrar();
    const deixado = intencao('payment_intent.succeeded', session);
    await entregar(deixado);
    system.startBackground(system.parts);
    await eventually(async () => expect(await webhook(deixado)).toMatchObject({ estado: 'PROCESSADO' }));
  });

  it('has dealt with a webhook when it answers', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session);
    expect(await entregar(event)).toBe(200);
    expect(await webhook(event)).toMatchObject({ estado: 'PROCESSADO', tentativas: 1, erro: null });
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('approves once what comes many times and in two ways at once', async () => {
    const { pagamento, session } = await cobrar();
    system.stripe.pay(session);
    const events = [concluida(session), intencao('payment_intent.succeeded', session)];
    const muitos = [...events, ...events, ...events, ...events];
    expect(new Set(await Promise.all(muitos.map((event) => entregar(event))))).toEqual(new Set([200]));
    await tratados(...events);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('leaves to the queue what fails, and keeps nothing of the attempt', async () => {
    const { pagamento, session } = await cobrar();
    const event = intencao('payment_intent.succeeded', session, { currency: 'usd' });
    expect(await entregar(event)).toBe(200);
    await tratados(event);
    expect(await webhook(event)).toMatchObject({ estado: 'ESTACIONADO', erro: 'CAPTURA_DIVERGENTE' });
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada']);
  });

  it('leaves to the queue what Stripe has to be asked about', async () => {
    const { pagamento, session } = await cobrar();
    session.status = 'expired';
    const event = evento('checkout.session.expired', session);
    expect(await entregar(event)).toBe(200);
    await tratados(event);
    expect(await fatos(pagamento.id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
  });
});
