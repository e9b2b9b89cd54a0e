import { randomUUID } from 'node:crypto';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type PagamentosService,
  TipoTransacao,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  PagamentoNaoAproveitadoSchema,
  ReservaCanceladaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { PermanentError } from '@plataforma/runtime/event-message';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { deliver, outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';
import type { Session } from '../stripe-server.ts';

/** Requests until a call counts as failed: the SDK repeats one that was cut off. */
const DROPPED = 2;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
});

beforeEach(() => {
  system.stripe.refundStatus = 'succeeded';
});

afterAll(() => system.stop());

/** A charge of R$ 100.00. */
const cobrado = () => admin.criarCobranca(system.pedido());

/** The same, paid. */
async function pago(): Promise<{ id: string; reservaId: string; session: Session }> {
  const { id, reservaId } = await cobrado();
  return { id, reservaId, session: await system.pagar(id) };
}

const ultimo = async (pagamentoId: string) =>
  (await admin.listarEventos({ pagamentoId })).eventos.at(-1)?.tipo;

/** What the others hear after the approval. */
const fatos = async (id: string) =>
  (await outboxOf(system.dataSource, id)).slice(2).map(({ assunto, payload }) => ({
    fato: assunto.replace('pagamentos.v1.', ''),
    centavos: (payload.valor as { centavos: string }).centavos,
    numero: payload.numero,
  }));

const cancelada = (reservaId: string, centavos: bigint) =>
  deliver(
    system.parts,
    ReservaCanceladaSchema,
    { reservaId, clienteId: 'cli_1', motivo: 'mudei de ideia', reembolso: { centavos, moeda: 'BRL' } },
    4,
  );

const naoAproveitado = (pagamentoId: string) =>
  deliver(system.parts, PagamentoNaoAproveitadoSchema, { pagamentoId, codigo: 'SLOT_OCUPADO' }, 5);

const pedidosDe = (id: string) => system.stripe.refundRequests.filter(({ key }) => key.includes(id));

async function recusa(chamada: Promise<unknown>) {
  const error = await chamada.then(() => undefined, ConnectError.from);
  return error && { code: error.code, motivo: motivoDe(error) };
}

describe('a cancelled reservation', () => {
  it('gets the exact amount back once, however often it is told', async () => {
    const { id, reservaId } = await pago();
    await Promise.all([cancelada(reservaId, 5_000n), cancelada(reservaId, 5_000n)]);
    expect(await system.statusOf(id)).toBe(StatusPagamento.ESTORNO_PENDENTE);
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    await cancelada(reservaId, 5_000n);
    expect(await fatos(id)).toEqual([
      { fato: 'EstornoSolicitado', centavos: '5000', numero: 1 },
      { fato: 'EstornoConcluido', centavos: '5000', numero: 1 },
    ]);
    const [{ key, form } = { key: '', form: new URLSearchParams() }, ...mais] = pedidosDe(id);
    expect(mais).toEqual([]);
    expect(key).toBe(`estorno:${id}:1`);
    expect(Object.fromEntries(form)).toMatchObject({ amount: '5000', 'metadata[numero]': '1' });
  });

  it('shows in the list of movements and in the history', async () => {
    const { id, reservaId } = await pago();
    await cancelada(reservaId, 10_000n);
    await system.reach(id, StatusPagamento.ESTORNADO);
    const { transacoes } = await admin.listarTransacoes({ reservaId });
    expect(transacoes.map(({ tipo, valor }) => [tipo, valor?.centavos]).sort()).toEqual([
      [TipoTransacao.CAPTURA, 10_000n],
      [TipoTransacao.ESTORNO, 10_000n],
    ]);
    const { eventos } = await admin.listarEventos({ pagamentoId: id });
    expect(eventos.slice(-2).map(({ tipo }) => tipo)).toEqual(['EstornoSolicitado', 'EstornoConcluido']);
    expect((await admin.obterPagamento({ pagamentoId: id })).estornado?.centavos).toBe(10_000n);
  });

  it('gets what is left when a part has gone back by hand before', async () => {
    const { id, reservaId, session } = await pago();
    await system.deliverWebhook('refund.created', system.stripe.refundByHand(session, 3_000));
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    await cancelada(reservaId, 10_000n);
    await system.reach(id, StatusPagamento.ESTORNADO);
    await cancelada(reservaId, 10_000n);
    expect(system.stripe.refundsOf(id).map(({ amount }) => amount)).toEqual([3_000, 7_000]);
  });

  it('hears once that its charge is closed when everything has gone back before', async () => {
    const { id, reservaId } = await pago();
    await admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    await system.reach(id, StatusPagamento.ESTORNADO);
    await cancelada(reservaId, 10_000n);
    await cancelada(reservaId, 10_000n);
    const ditos = await outboxOf(system.dataSource, id);
    expect(ditos.slice(4)).toMatchObject([
      { assunto: 'pagamentos.v1.CobrancaCancelada', payload: { foiPaga: true } },
    ]);
  });

  it('has its charge closed when somebody confirmed by hand what nobody has paid', async () => {
    const { id, reservaId } = await cobrado();
    await cancelada(reservaId, 10_000n);
    await system.reach(id, StatusPagamento.CANCELADO);
    expect(system.stripe.sessionOf(id).status).toBe('expired');
    expect(pedidosDe(id)).toEqual([]);
  });

  it('hears once for each request that it is refused when more is to go back than was captured', async () => {
    const { id, reservaId } = await pago();
    await expect(cancelada(reservaId, 10_001n)).rejects.toThrow(PermanentError);
    await expect(cancelada(reservaId, 10_001n)).rejects.toThrow(PermanentError);
    expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO);
    const ditos = await outboxOf(system.dataSource, reservaId);
    expect(ditos.map(({ assunto, payload }) => [assunto, payload])).toEqual([
      [
        'pagamentos.v1.DevolucaoRecusada',
        expect.objectContaining({ pagamentoId: id, reservaId, codigo: 'ESTORNO_ALEM_DO_CAPTURADO' }),
      ],
    ]);
  });

  it('hears that it is refused when nobody ever charged it', async () => {
    await expect(cancelada('res_nunca', 10_000n)).rejects.toThrow(PermanentError);
    const [dito] = await outboxOf(system.dataSource, 'res_nunca');
    expect(dito?.payload).toMatchObject({ reservaId: 'res_nunca', codigo: 'PAGAMENTO_NAO_ENCONTRADO' });
  });
});

describe('a payment that no reservation takes', () => {
  it('goes back whole, once, when the charge was closed before the money came', async () => {
    const { id, reservaId } = await cobrado();
    await deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId: 'cli_1' }, 3);
    system.stripe.pay(system.stripe.sessionOf(id));
    await system.reach(id, StatusPagamento.APROVADO);
    await Promise.all([naoAproveitado(id), naoAproveitado(id)]);
    await system.reach(id, StatusPagamento.ESTORNADO);
    await naoAproveitado(id);
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: 10_000 }]);
  });
});

const comChave = () => ({ headers: { 'idempotency-key': randomUUID() } });

describe('EstornarPagamento', () => {
  it('gives parts back until nothing is left', async () => {
    const { id } = await pago();
    const valor = { centavos: 3_000n, moeda: 'BRL' };
    const resposta = await admin.estornarPagamento({ pagamentoId: id, valor, motivo: 'cortesia' });
    expect(resposta).toMatchObject({ id, status: StatusPagamento.ESTORNO_PENDENTE });
    await admin.estornarPagamento({ pagamentoId: id, motivo: 'o resto' });
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect(
      system.stripe
        .refundsOf(id)
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual([3_000, 7_000]);
    expect(await recusa(admin.estornarPagamento({ pagamentoId: id, motivo: 'de novo' }))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'TRANSICAO_INVALIDA',
    });
  });

  it('is one refund when it is asked for four times at once without a key, and another with one', async () => {
    const { id } = await pago();
    const pedido = { pagamentoId: id, valor: { centavos: 2_000n, moeda: 'BRL' }, motivo: 'cortesia' };
    const respostas = await Promise.all([1, 2, 3, 4].map(() => recusa(admin.estornarPagamento(pedido))));
    const repetido = { code: Code.AlreadyExists, motivo: 'ESTORNO_REPETIDO' };
    expect(respostas.filter((uma) => uma !== undefined)).toEqual([repetido, repetido, repetido]);
    await admin.estornarPagamento({ ...pedido, valor: { centavos: 1_000n, moeda: 'BRL' } });
    await admin.estornarPagamento(pedido, comChave());
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    expect(
      system.stripe
        .refundsOf(id)
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual([1_000, 2_000, 2_000]);
  });

  it('never promises more than was captured when many ask at once', async () => {
    const { id } = await pago();
    const valor = { centavos: 4_000n, moeda: 'BRL' };
    const pedidos = Array.from({ length: 6 }, () =>
      recusa(admin.estornarPagamento({ pagamentoId: id, valor, motivo: 'cortesia' }, comChave())),
    );
    const recusas = (await Promise.all(pedidos)).filter((uma) => uma !== undefined);
    expect(new Set(recusas.map(({ motivo }) => motivo))).toEqual(new Set(['ESTORNO_ALEM_DO_CAPTURADO']));
    expect(recusas).toHaveLength(4);
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    expect(system.stripe.refundsOf(id)).toHaveLength(2);
  });

  it.each<[string, object, Code, string]>([
    [
      'too much',
      { valor: { centavos: 10_001n, moeda: 'BRL' } },
      Code.FailedPrecondition,
      'ESTORNO_ALEM_DO_CAPTURADO',
    ],
    ['nothing', { valor: { centavos: 0n, moeda: 'BRL' } }, Code.InvalidArgument, 'VALOR_INVALIDO'],
    ['another currency', { valor: { centavos: 1n, moeda: 'USD' } }, Code.InvalidArgument, 'VALOR_INVALIDO'],
    ['no reason', { motivo: '' }, Code.InvalidArgument, 'REQUISICAO_INVALIDA'],
    ['an unknown payment', { pagamentoId: 'pag_nada' }, Code.NotFound, 'PAGAMENTO_NAO_ENCONTRADO'],
  ])('refuses %s and writes nothing', async (_, mudanca, code, motivo) => {
    const { id } = await pago();
    const pedido = admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia', ...mudanca });
    expect(await recusa(pedido)).toEqual({ code, motivo });
    expect(await fatos(id)).toEqual([]);
  });

  it('is for administrators only', async () => {
    const { id } = await pago();
    const cliente = system.clientFor({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const pedido = cliente.estornarPagamento({ pagamentoId: id, motivo: 'quero' });
    expect(await recusa(pedido)).toMatchObject({ code: Code.PermissionDenied });
  });
});

describe('a refund', () => {
  it('is done when Stripe says so days later, by webhook', async () => {
    const { id, reservaId } = await pago();
    system.stripe.refundStatus = 'pending';
    await cancelada(reservaId, 10_000n);
    await system.workUntil(async () => expect(system.stripe.refundsOf(id)).toHaveLength(1));
    expect(await system.statusOf(id)).toBe(StatusPagamento.ESTORNO_PENDENTE);
    const [refund = { status: '' }] = system.stripe.refundsOf(id);
    refund.status = 'succeeded';
    await system.deliverWebhook('refund.updated', refund);
    await system.reach(id, StatusPagamento.ESTORNADO);
  });

  it('is done when the webhook never comes: it is asked for', async () => {
    const { id, reservaId } = await pago();
    system.stripe.refundStatus = 'pending';
    await cancelada(reservaId, 10_000n);
    const situacao = 'select situacao from estornos where pagamento_id = $1';
    await system.workUntil(async () =>
      expect(await system.dataSource.query(situacao, [id])).toEqual([{ situacao: 'PENDENTE' }]),
    );
    Object.assign(system.stripe.refundsOf(id)[0] ?? {}, { status: 'succeeded' });
    clock.advance(61_000);
    await system.reach(id, StatusPagamento.ESTORNADO);
  });

  it('is made once when the answer was lost and the key forgotten', async () => {
    const { id, reservaId } = await pago();
    await cancelada(reservaId, 5_000n);
    system.stripe.failNext('lost', DROPPED);
    const tentado = 'select erro, falhas from estornos where pagamento_id = $1';
    await system.workUntil(async () =>
      expect(await system.dataSource.query(tentado, [id])).toEqual([
        { erro: expect.stringContaining('StripeConnectionError'), falhas: 0 },
      ]),
    );
    const antes = pedidosDe(id).length;
    clock.advance(25 * 60 * 60_000);
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    expect(system.stripe.refundsOf(id)).toHaveLength(1);
    expect(pedidosDe(id)).toHaveLength(antes);
  });

  it('fails when Stripe refuses it, and can then be made by hand', async () => {
    const { id, session } = await pago();
    system.stripe.refundByHand(session, 10_000);
    await admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    await system.workUntil(async () =>
      expect((await fatos(id)).at(-1)).toEqual({ fato: 'EstornoFalhou', centavos: '10000', numero: 1 }),
    );
    await system.deliverWebhook('charge.refunded', { payment_intent: session.payment_intent });
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect((await fatos(id)).slice(2)).toEqual([
      { fato: 'EstornoSolicitado', centavos: '10000', numero: 2 },
      { fato: 'EstornoConcluido', centavos: '10000', numero: 2 },
    ]);
  });

  it('fails when the bank sends it back, and the money counts as ours again', async () => {
    const { id, reservaId } = await pago();
    await cancelada(reservaId, 10_000n);
    await system.reach(id, StatusPagamento.ESTORNADO);
    const [refund = { status: '' }] = system.stripe.refundsOf(id);
    Object.assign(refund, { status: 'failed', failure_reason: 'lost_or_stolen_card' });
    await system.deliverWebhook('refund.failed', refund);
    await system.reach(id, StatusPagamento.APROVADO);
    const { transacoes } = await admin.listarTransacoes({ reservaId });
    expect(transacoes.map(({ tipo }) => tipo).sort()).toEqual([
      TipoTransacao.CAPTURA,
      TipoTransacao.ESTORNO,
      TipoTransacao.ESTORNO_DEVOLVIDO,
    ]);
    expect((await outboxOf(system.dataSource, id)).at(-1)).toMatchObject({
      assunto: 'pagamentos.v1.EstornoFalhou',
      payload: { codigo: 'lost_or_stolen_card' },
    });
  });

  it('waits while the payment is disputed', async () => {
    const { id, reservaId, session } = await pago();
    const disputa = { id: 'dp_1', payment_intent: session.payment_intent, amount: 10_000, currency: 'brl' };
    await system.deliverWebhook('charge.dispute.created', {
      ...disputa,
      reason: 'fraudulent',
      status: 'needs_response',
    });
    await system.workUntil(async () => expect(await ultimo(id)).toBe('DisputaAberta'));
    const pedido = admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    expect(await recusa(pedido)).toMatchObject({ motivo: 'TRANSICAO_INVALIDA' });
    await cancelada(reservaId, 10_000n);
    const erro = 'select erro from estornos where pagamento_id = $1';
    await system.workUntil(async () =>
      expect(await system.dataSource.query(erro, [id])).toEqual([{ erro: 'EM_DISPUTA' }]),
    );
    expect(pedidosDe(id)).toEqual([]);
    await system.deliverWebhook('charge.dispute.closed', { ...disputa, reason: 'fraudulent', status: 'won' });
    await system.workUntil(async () => expect(await ultimo(id)).toBe('DisputaEncerrada'));
    clock.advance(11 * 60_000);
    await system.reach(id, StatusPagamento.ESTORNADO);
  });
});

describe('a dispute that was not told here', () => {
  const esperaDe = async (id: string) =>
    (await system.dataSource.query('select situacao, erro from estornos where pagamento_id = $1', [id]))[0];
  const disputaDe = (session: Session) => {
    const { payment_intent } = session;
    const valores = { amount: 10_000, currency: 'brl', reason: 'fraudulent' };
    return { id: `dp_${payment_intent}`, object: 'dispute', payment_intent, ...valores };
  };

  it('holds a refund up when Stripe refuses it for that, until the bank lets go', async () => {
    const { id, reservaId, session } = await pago();
    const intencao = String(session.payment_intent);
    system.stripe.disputed.add(intencao);
    await cancelada(reservaId, 10_000n);
    await system.workUntil(async () =>
      expect(await esperaDe(id)).toEqual({ situacao: 'SOLICITADO', erro: 'EM_DISPUTA' }),
    );
    system.stripe.disputed.delete(intencao);
    clock.advance(11 * 60_000);
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect(pedidosDe(id).map(({ key }) => key)).toEqual([`estorno:${id}:1`, `estorno:${id}:1:2`]);
  });

  it('is asked about by a refund that has waited for its end', async () => {
    const { id, reservaId, session } = await pago();
    const disputa = disputaDe(session);
    system.stripe.disputes.set(disputa.id, { ...disputa, status: 'under_review' });
    await system.deliverWebhook('charge.dispute.created', { ...disputa, status: 'needs_response' });
    await system.workUntil(async () => expect(await ultimo(id)).toBe('DisputaAberta'));
    await cancelada(reservaId, 10_000n);
    const falhas = async () =>
      (await system.dataSource.query('select falhas from estornos where pagamento_id = $1', [id]))[0]?.falhas;
    await system.workUntil(async () => {
      clock.advance(11 * 60_000);
      expect(await falhas()).toBeGreaterThanOrEqual(2);
    });
    system.stripe.disputes.set(disputa.id, { ...disputa, status: 'won' });
    clock.advance(11 * 60_000);
    await system.reach(id, StatusPagamento.ESTORNADO);
  });

  it('gives way to a refund that somebody makes at Stripe instead, and alarms nobody', async () => {
    const { id, reservaId, session } = await pago();
    const intencao = String(session.payment_intent);
    system.stripe.disputed.add(intencao);
    await cancelada(reservaId, 10_000n);
    await system.workUntil(async () => expect(await esperaDe(id)).toMatchObject({ erro: 'EM_DISPUTA' }));
    system.stripe.disputed.delete(intencao);
    await system.deliverWebhook('refund.created', system.stripe.refundByHand(session, 10_000));
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect((await fatos(id)).slice(1)).toEqual([
      { fato: 'EstornoFalhou', centavos: '10000', numero: 1 },
      { fato: 'EstornoSolicitado', centavos: '10000', numero: 2 },
      { fato: 'EstornoConcluido', centavos: '10000', numero: 2 },
    ]);
  });

  it('fails a refund once it is lost', async () => {
    const { id, reservaId, session } = await pago();
    const disputa = disputaDe(session);
    system.stripe.disputed.add(disputa.payment_intent as string);
    await cancelada(reservaId, 10_000n);
    await system.workUntil(async () => expect(await esperaDe(id)).toMatchObject({ erro: 'EM_DISPUTA' }));
    await system.deliverWebhook('charge.dispute.closed', { ...disputa, status: 'lost' });
    const metricas = async () => (await system.get('/metrics')).text();
    await system.workUntil(async () => {
      clock.advance(11 * 60_000);
      expect(await esperaDe(id)).toMatchObject({ situacao: 'FALHOU' });
    });
    expect(await metricas()).toContain('pagamentos_eventos_total{tipo="DisputaPerdida"');
    const pedido = admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    expect(await recusa(pedido)).toMatchObject({ motivo: 'TRANSICAO_INVALIDA' });
  });

  it('holds nothing up while the bank only asks', async () => {
    const { id, reservaId, session } = await pago();
    await system.deliverWebhook('charge.dispute.created', {
      ...disputaDe(session),
      status: 'warning_needs_response',
    });
    await system.workUntil(async () => expect(await ultimo(id)).toBe('DisputaAberta'));
    await cancelada(reservaId, 10_000n);
    await system.reach(id, StatusPagamento.ESTORNADO);
  });
});

describe('a failure that Stripe repeats under the key of a refund', () => {
  it('does not hold it up: it is looked for and asked for once more under another key', async () => {
    const { id, reservaId } = await pago();
    system.stripe.failNext('kept');
    await cancelada(reservaId, 5_000n);
    await system.workUntil(async () => {
      clock.advance(2_000);
      expect(await system.statusOf(id)).toBe(StatusPagamento.ESTORNADO_PARCIAL);
    });
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: 5_000, status: 'succeeded' }]);
    expect(pedidosDe(id).map(({ key }) => key)).toEqual([`estorno:${id}:1:2`]);
  });
});

describe('the database', () => {
  it('refuses to promise more than was captured, whatever the program says', async () => {
    const { id } = await pago();
    const sql = 'update pagamentos set comprometido = 10001 where id = $1';
    await expect(system.dataSource.query(sql, [id])).rejects.toThrow('pagamentos_comprometido_ck');
  });
});
