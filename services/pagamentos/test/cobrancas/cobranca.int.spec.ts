import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { ReservaCriadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { PermanentError } from '@plataforma/runtime/event-message';
import { integrationEvent } from '@plataforma/runtime/outbox';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let reservas: Client<typeof PagamentosService>;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
});

afterAll(() => system.stop());

let numero = 0;

/** A charge for a fresh reservation. */
function pedido(reservaId = `res_${++numero}`, centavos = 10_000n) {
  return {
    reservaId,
    clienteId: 'cli_1',
    valor: { centavos, moeda: 'BRL' },
    descricao: 'Reserva de Sala Azul',
    expiraEm: timestampFromDate(new Date(clock.now().getTime() + 15 * 60_000)),
  };
}

/** What the event bus does with a `ReservaCriada`. */
async function receber(reserva: ReturnType<typeof pedido>, parts = system.parts): Promise<void> {
  const agregado = { tipo: 'reserva', id: reserva.reservaId, versao: 1 };
  const evento = integrationEvent(ReservaCriadaSchema, { ...reserva, espacoNome: 'Sala Verde' }, agregado);
  const meta = {
    id: 'evt',
    subject: 'reservas.v1.ReservaCriada',
    agregado,
    ocorridoEm: clock.now(),
    entrega: 1,
  };
  const handle = parts.consumers?.[0]?.on[0]?.handle;
  if (!handle) throw new Error('nothing consumes ReservaCriada');
  await handle(evento.message, meta);
}

const idDe = async (reservaId: string): Promise<string> => {
  const [row] = await system.dataSource.query('select id from pagamentos where reserva_id = $1', [reservaId]);
  return row.id;
};

const assuntos = async (id: string) => (await outboxOf(system.dataSource, id)).map(({ assunto }) => assunto);

const criacoes = (id: string) =>
  system.stripe.creations.filter(({ key }) => key.startsWith(`cobranca:${id}:`));

async function falha(chamada: Promise<unknown>) {
  const error = await chamada.then(() => undefined, ConnectError.from);
  return error && { code: error.code, motivo: motivoDe(error) };
}

describe('CriarCobranca', () => {
  it('answers a charge that can be paid and announces it once', async () => {
    const reserva = pedido();
    const pagamento = await reservas.criarCobranca(reserva);
    expect(pagamento).toMatchObject({
      reservaId: reserva.reservaId,
      clienteId: 'cli_1',
      valor: { centavos: 10_000n, moeda: 'BRL' },
      status: StatusPagamento.PENDENTE,
      checkoutUrl: system.stripe.sessionOf(pagamento.id).url,
    });
    expect(await outboxOf(system.dataSource, pagamento.id)).toMatchObject([
      {
        assunto: 'pagamentos.v1.CobrancaCriada',
        payload: { checkoutUrl: pagamento.checkoutUrl, valor: { centavos: '10000', moeda: 'BRL' } },
      },
    ]);
  });

  it('tells Stripe who pays what for which reservation, under the key of the attempt', async () => {
    const { id, reservaId } = await reservas.criarCobranca(pedido());
    const [{ key, form } = { key: '', form: new URLSearchParams() }] = criacoes(id);
    expect(key).toBe(`cobranca:${id}:1`);
    expect(Object.fromEntries(form)).toMatchObject({
      mode: 'payment',
      expires_at: String(clock.now().getTime() / 1000 + 35 * 60),
      success_url: `https://loja.test/ok/${reservaId}`,
      cancel_url: `https://loja.test/volta?reserva=${reservaId}`,
      'line_items[0][price_data][unit_amount]': '10000',
      'line_items[0][price_data][currency]': 'brl',
      'line_items[0][price_data][product_data][name]': 'Reserva de Sala Azul',
      'metadata[pagamentoId]': id,
      'metadata[reservaId]': reservaId,
      'metadata[clienteId]': 'cli_1',
      'metadata[tentativa]': '1',
      'payment_intent_data[metadata][pagamentoId]': id,
      'payment_intent_data[metadata][tentativa]': '1',
    });
  });

  it('answers the first charge when it is asked for again', async () => {
    const reserva = pedido();
    const primeira = await reservas.criarCobranca(reserva);
    expect(await reservas.criarCobranca({ ...reserva, descricao: 'Outra' })).toEqual(primeira);
    expect(await reservas.obterPagamento({ pagamentoId: primeira.id })).toEqual(primeira);
    expect(criacoes(primeira.id)).toHaveLength(1);
  });

  it('makes one charge when ten callers and the event race', async () => {
    const reserva = pedido();
    const outra = system.createInstance();
    const [pagamentos] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, () => reservas.criarCobranca(reserva))),
      receber(reserva),
      receber(reserva, outra),
      receber(reserva, outra),
    ]);
    const ids = new Set(pagamentos.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const sql = 'select count(*)::int as n from pagamentos where reserva_id = $1';
    expect(await system.dataSource.query(sql, [reserva.reservaId])).toEqual([{ n: 1 }]);
    expect(new Set(pagamentos.map(({ checkoutUrl }) => checkoutUrl))).toEqual(
      new Set([system.stripe.sessionOf(id).url]),
    );
    expect(await assuntos(id)).toEqual(['pagamentos.v1.CobrancaCriada']);
  });

  it.each([
    ['amount', { valor: { centavos: 9_999n, moeda: 'BRL' } }],
    ['customer', { clienteId: 'cli_2' }],
  ])('refuses when the reservation was charged with another %s', async (_, mudanca) => {
    const reserva = pedido();
    await reservas.criarCobranca(reserva);
    expect(await falha(reservas.criarCobranca({ ...reserva, ...mudanca }))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'COBRANCA_DIVERGENTE',
    });
  });

  it.each([
    ['zero', { centavos: 0n, moeda: 'BRL' }],
    ['negative', { centavos: -5n, moeda: 'BRL' }],
    ['in dollars', { centavos: 100n, moeda: 'USD' }],
  ])('refuses and writes nothing when the amount is %s', async (_, valor) => {
    const reserva = { ...pedido(), valor };
    expect(await falha(reservas.criarCobranca(reserva))).toEqual({
      code: Code.InvalidArgument,
      motivo: 'VALOR_INVALIDO',
    });
    const sql = 'select id from pagamentos where reserva_id = $1';
    expect(await system.dataSource.query(sql, [reserva.reservaId])).toEqual([]);
  });

  it('skips an identity that is taken', async () => {
    const { id } = await reservas.criarCobranca(pedido());
    const proximo = `pag_${String(Number(id.slice(4)) + 1).padStart(8, '0')}`;
    await system.dataSource.query(
      `insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
       select $2, versao, tipo, versao_esquema, dados || '{"reservaId": "res_alheia"}', meta, ocorrido_em
       from eventos_pagamento where fluxo = $1 and versao = 1`,
      [id, proximo],
    );
    const nova = await reservas.criarCobranca(pedido());
    expect(Number(nova.id.slice(4))).toBe(Number(id.slice(4)) + 2);
  });
});

describe('a Stripe that fails', () => {
  it('keeps the charge and opens the checkout by itself once Stripe is back', async () => {
    const reserva = pedido();
    system.stripe.failNext('unavailable', 1_000);
    expect(await falha(reservas.criarCobranca(reserva))).toEqual({
      code: Code.Unavailable,
      motivo: 'PROVEDOR_INDISPONIVEL',
    });
    const id = await idDe(reserva.reservaId);
    expect(await assuntos(id)).toEqual([]);
    system.stripe.recover();
    const parts = system.createInstance();
    await system.startBackground(parts);
    clock.advance(6_000);
    await eventually(async () => expect(await assuntos(id)).toEqual(['pagamentos.v1.CobrancaCriada']));
    await system.stopBackground(parts);
  });

  it('takes the event as done when Stripe is away: the charge is on record', async () => {
    const reserva = pedido();
    const parts = system.createInstance();
    system.stripe.failNext('unavailable', 1_000);
    await receber(reserva, parts);
    system.stripe.recover();
    expect(await system.dataSource.query('select pagamento_id from checkouts_pendentes')).toEqual([
      { pagamento_id: await idDe(reserva.reservaId) },
    ]);
    await receber(reserva, parts);
    expect(await system.dataSource.query('select pagamento_id from checkouts_pendentes')).toEqual([]);
  });

  it('answers the same session when the first answer was lost', async () => {
    const reserva = pedido();
    const parts = system.createInstance();
    // Three calls, and the SDK repeats each that was cut off.
    system.stripe.failNext('lost', 6);
    await receber(reserva, parts);
    const id = await idDe(reserva.reservaId);
    expect(await assuntos(id)).toEqual([]);
    const { url } = system.stripe.sessionOf(id);
    await receber(reserva, parts);
    expect(await outboxOf(system.dataSource, id)).toMatchObject([{ payload: { checkoutUrl: url } }]);
    expect(new Set(criacoes(id).map(({ key, form }) => `${key} ${form}`)).size).toBe(1);
  });

  it('repeats a rate-limited request under the same key', async () => {
    const reserva = pedido();
    const parts = system.createInstance();
    system.stripe.failNext('rate-limited', 2);
    await receber(reserva, parts);
    expect(await assuntos(await idDe(reserva.reservaId))).toEqual(['pagamentos.v1.CobrancaCriada']);
  });

  it('makes another attempt when Stripe stayed away until the frozen deadline was too near', async () => {
    const reserva = {
      ...pedido(),
      expiraEm: timestampFromDate(new Date(clock.now().getTime() + 30 * 60_000)),
    };
    const parts = system.createInstance();
    system.stripe.failNext('unavailable', 1_000);
    await receber(reserva, parts);
    system.stripe.recover();
    clock.advance(6 * 60_000);
    await receber(reserva, parts);
    const id = await idDe(reserva.reservaId);
    expect(criacoes(id).map(({ key }) => key)).toEqual([`cobranca:${id}:1`, `cobranca:${id}:2`]);
    expect(await assuntos(id)).toEqual(['pagamentos.v1.CobrancaCriada']);
  });

  it('closes the charge when the hold ended before Stripe came back', async () => {
    const reserva = pedido();
    const parts = system.createInstance();
    system.stripe.failNext('unavailable', 1_000);
    await receber(reserva, parts);
    system.stripe.recover();
    clock.advance(15 * 60_000);
    await system.startBackground(parts);
    const id = await idDe(reserva.reservaId);
    await eventually(async () => expect(await assuntos(id)).toEqual(['pagamentos.v1.CobrancaCancelada']));
    await system.stopBackground(parts);
    expect(criacoes(id)).toEqual([]);
  });
});

describe('ReservaCriada', () => {
  it('goes to the dead letters when the reservation was charged with another amount', async () => {
    const reserva = pedido();
    await reservas.criarCobranca(reserva);
    const outra = { ...reserva, valor: { centavos: 1n, moeda: 'BRL' } };
    await expect(receber(outra)).rejects.toThrow(PermanentError);
  });

  it('shows the customer what the call would, whichever of them is first', async () => {
    const mostrado = async (primeiro: (um: ReturnType<typeof pedido>) => Promise<unknown>) => {
      const reserva = pedido();
      await primeiro(reserva);
      const { id } = await reservas.criarCobranca(reserva);
      await receber(reserva);
      const [{ form } = { form: new URLSearchParams() }] = criacoes(id);
      const campos = Object.entries(Object.fromEntries(form));
      return campos.map(([campo, valor]) => [
        campo,
        valor.replaceAll(id, 'pag').replaceAll(reserva.reservaId, 'res'),
      ]);
    };
    const doEvento = await mostrado(receber);
    expect(doEvento).toEqual(await mostrado((reserva) => reservas.criarCobranca(reserva)));
    expect(doEvento).toContainEqual([
      'line_items[0][price_data][product_data][name]',
      'Reserva de Sala Azul',
    ]);
  });

  it('of a release that sent no description is charged all the same, by the name of the space', async () => {
    const reserva = { ...pedido(), descricao: '' };
    await receber(reserva);
    const [criacao] = criacoes(await idDe(reserva.reservaId));
    expect(criacao?.form.get('line_items[0][price_data][product_data][name]')).toBe('Reserva de Sala Verde');
  });
});
