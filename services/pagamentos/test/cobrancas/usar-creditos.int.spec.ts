import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { ReservaAceitaSchema, ReservaCriadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import { deliver, outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

let clock: FixedClock;
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let reservas: Client<typeof PagamentosService>;
let livro: PostgresLivroDeCreditos;
let numero = 0;
/** Each test has a customer of its own. */
let clienteId: string;

beforeAll(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  livro = new PostgresLivroDeCreditos(system.dataSource);
});

beforeEach(() => {
  clienteId = `cli_${++numero}`;
  system.stripe.recover();
});

afterAll(() => system.stop());

const conceder = (centavos: number) =>
  livro.conceder(clienteId, Dinheiro.deCentavos(centavos), `bonus:res_${++numero}`, clock.now());

const pedido = () => system.pedido(clienteId);

type Pedido = ReturnType<typeof pedido>;

/** A hold that somebody else made: its charge is open and asks the card for everything. */
async function oferecida() {
  const reserva = pedido();
  const cobranca = await reservas.criarCobranca({ ...reserva, guardarCreditos: true });
  expect(cobranca).toMatchObject({ status: StatusPagamento.PENDENTE, creditosUsados: { centavos: 0n } });
  return {
    reserva,
    id: cobranca.id,
    url: cobranca.checkoutUrl,
    sessao: system.stripe.sessionOf(cobranca.id),
  };
}

/** The latest one: the session before asked for everything. */
function sessaoAtual(pagamentoId: string) {
  const todas = [...system.stripe.sessions.values()];
  const ultima = todas.findLast(({ metadata }) => metadata.pagamentoId === pagamentoId);
  if (!ultima) throw new Error(`${pagamentoId} has no session`);
  return ultima;
}

const criada = (reserva: Pedido) =>
  deliver(system.parts, ReservaCriadaSchema, { ...reserva, guardarCreditos: true }, 1);

const aceita = (reserva: Pedido) => deliver(system.parts, ReservaAceitaSchema, reserva, 3);

const saldo = async () => Number((await admin.obterCreditos({ clienteId })).saldo?.centavos);

const fatos = async (id: string) =>
  (await outboxOf(system.dataSource, id)).map(({ assunto }) => assunto.replace('pagamentos.v1.', ''));

async function codigo(chamada: Promise<unknown>) {
  const erro = await chamada.then(() => undefined, ConnectError.from);
  return erro && Code[erro.code];
}

describe('credit that its owner wants to pay', () => {
  it('pays all of an open charge, whose checkout nobody can pay any more', async () => {
    await conceder(12_000);
    const { reserva, id, sessao } = await oferecida();
    const paga = await reservas.usarCreditos(reserva);
    expect(paga).toMatchObject({
      id,
      status: StatusPagamento.APROVADO,
      creditosUsados: { centavos: 10_000n },
    });
    expect([sessao.status, await saldo()]).toEqual(['expired', 2_000]);
    expect(await fatos(id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
    // What comes late or twice changes nothing.
    await Promise.all([criada(reserva), aceita(reserva), reservas.usarCreditos(reserva)]);
    await system.deliverWebhook('checkout.session.expired', sessao);
    expect([await system.statusOf(id), await saldo()]).toEqual([StatusPagamento.APROVADO, 2_000]);
    expect(await fatos(id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  });

  it('pays what it can, and another checkout asks the card for the rest', async () => {
    await conceder(3_000);
    const { reserva, id, url } = await oferecida();
    const resto = await reservas.usarCreditos(reserva);
    expect(resto).toMatchObject({ status: StatusPagamento.PENDENTE, creditosUsados: { centavos: 3_000n } });
    expect(resto.checkoutUrl).not.toBe(url);
    const segunda = sessaoAtual(id);
    expect([segunda.amount_total, segunda.url]).toEqual([7_000, resto.checkoutUrl]);
    system.stripe.pay(segunda);
    await system.deliverWebhook('checkout.session.completed', segunda);
    await system.workUntil(async () => expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO));
    expect(await fatos(id)).toEqual(['CobrancaCriada', 'CobrancaCriada', 'PagamentoAprovado']);
  });

  it('pays a charge that was not made yet, whoever is faster then', async () => {
    await conceder(25_000);
    const antes = pedido();
    expect((await reservas.usarCreditos(antes)).status).toBe(StatusPagamento.APROVADO);
    const juntos = pedido();
    await Promise.all([criada(juntos), reservas.usarCreditos(juntos), aceita(juntos)]);
    const { status, creditosUsados } = await reservas.usarCreditos(juntos);
    expect([status, creditosUsados?.centavos, await saldo()]).toEqual([
      StatusPagamento.APROVADO,
      10_000n,
      5_000,
    ]);
  });

  it('is not touched when the card has paid meanwhile', async () => {
    await conceder(12_000);
    const { reserva, id, sessao } = await oferecida();
    system.stripe.pay(sessao);
    const paga = await reservas.usarCreditos(reserva);
    expect(paga).toMatchObject({ status: StatusPagamento.APROVADO, creditosUsados: { centavos: 0n } });
    await system.deliverWebhook('checkout.session.completed', sessao);
    expect([await saldo(), await fatos(id)]).toEqual([12_000, ['CobrancaCriada', 'PagamentoAprovado']]);
  });

  it('changes nothing where there is none', async () => {
    const { reserva, id, url, sessao } = await oferecida();
    expect(await reservas.usarCreditos(reserva)).toMatchObject({ id, checkoutUrl: url });
    expect(sessao.status).toBe('open');
  });

  it('is used once when it is wanted many times at once', async () => {
    await conceder(4_000);
    const { reserva, id } = await oferecida();
    await Promise.all(Array.from({ length: 6 }, () => reservas.usarCreditos(reserva)));
    expect([await saldo(), sessaoAtual(id).amount_total]).toEqual([0, 6_000]);
  });
});

describe('what goes wrong on the way', () => {
  it('leaves the checkout payable while Stripe is away, and is finished later', async () => {
    await conceder(12_000);
    const { reserva, id, url } = await oferecida();
    system.stripe.failNext('unavailable', 1_000);
    const ainda = await reservas.usarCreditos(reserva);
    expect(ainda).toMatchObject({ status: StatusPagamento.PENDENTE, checkoutUrl: url });
    expect(await saldo()).toBe(12_000);
    system.stripe.recover();
    await system.workUntil(async () => {
      clock.advance(1_000);
      expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO);
    });
    expect(await saldo()).toBe(2_000);
  });

  it('is finished by the queues when the process dies after the wish, or after the checkout was closed', async () => {
    await conceder(3_000);
    const { reserva, id, sessao } = await oferecida();
    system.stripe.failNext('unavailable', 1_000);
    await reservas.usarCreditos(reserva);
    system.stripe.recover();
    // Stripe has closed the session, and its webhook is all that is heard.
    Object.assign(sessao, { status: 'expired' });
    await system.deliverWebhook('checkout.session.expired', sessao);
    await system.workUntil(async () => {
      clock.advance(1_000);
      expect(sessaoAtual(id).amount_total).toBe(7_000);
      expect((await admin.obterPagamento({ pagamentoId: id })).checkoutUrl).not.toBe('');
    });
    expect([await system.statusOf(id), await saldo()]).toEqual([StatusPagamento.PENDENTE, 0]);
  });

  it('gives the credit back when the hold ends', async () => {
    await conceder(3_000);
    const { reserva, id } = await oferecida();
    await reservas.usarCreditos(reserva);
    await deliver(system.parts, EncerrarCobrancaSchema, { reservaId: reserva.reservaId, clienteId }, 4);
    await system.workUntil(async () => expect(await system.statusOf(id)).toBe(StatusPagamento.CANCELADO));
    expect(await saldo()).toBe(3_000);
    expect(await codigo(reservas.usarCreditos(reserva))).toBe('FailedPrecondition');
    expect(await saldo()).toBe(3_000);
  });
});

describe('who may spend it', () => {
  it('is its owner through reservas, nobody in their name', async () => {
    await conceder(12_000);
    const { reserva } = await oferecida();
    const dono = system.clientFor({ sub: clienteId, papeis: ['CLIENTE'] });
    for (const quem of [admin, dono])
      expect(await codigo(quem.usarCreditos(reserva))).toBe('PermissionDenied');
    const doAdmin = await admin.criarCobranca(pedido());
    expect(doAdmin).toMatchObject({ status: StatusPagamento.PENDENTE, creditosUsados: { centavos: 0n } });
    expect(await saldo()).toBe(12_000);
  });

  it('may be an ADMIN with their own, who gives themself nothing back', async () => {
    clienteId = 'usr_admin';
    await conceder(10_000);
    const { id, status } = await admin.criarCobranca(pedido());
    expect(status).toBe(StatusPagamento.APROVADO);
    const devolver = admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    expect(await codigo(devolver)).toBe('PermissionDenied');
  });
});

describe('the books', () => {
  it('are whole after all this, and written anew they are the same', async () => {
    expect((await verificarLivro(system.dataSource)).defeitos).toEqual([]);
    const tabelas = () =>
      Promise.all(
        ['pagamentos', 'transacoes'].map((tabela) =>
          system.dataSource.query(`select * from ${tabela} order by 1, 2, 3`),
        ),
      );
    const antes = await tabelas();
    await reconstruirProjecoes(system.dataSource);
    expect(await tabelas()).toEqual(antes);
  });
});
