import type { Client } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import {
  PagamentoAproveitadoSchema,
  PagamentoNaoAproveitadoSchema,
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { PainelDeReconciliacao } from '../../src/conciliacao/application/ports.ts';
import { ReconciliarHandler } from '../../src/conciliacao/application/reconciliar.ts';
import { PostgresPainelDeReconciliacao } from '../../src/conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import type { Transacao } from '../../src/pagamento/application/ports.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { createStripe } from '../../src/stripe/infrastructure/client.ts';
import { StripeGateway } from '../../src/stripe/infrastructure/stripe-gateway.ts';
import { deliver, outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const DIA_MS = 24 * 60 * 60_000;

let clock: FixedClock;
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let gateway: StripeGateway;
let reconciliar: ReconciliarHandler;

beforeEach(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  const stripe = createStripe({ secretKey: 'sk_test_0123456789abcdef', apiUrl: system.stripeApiUrl });
  const urls = { successUrl: 'https://loja.test', cancelUrl: 'https://loja.test' };
  gateway = new StripeGateway({ stripe, clock, ...urls });
  const uow = createUnitOfWork(system.dataSource);
  const painel = new PostgresPainelDeReconciliacao(system.dataSource);
  reconciliar = new ReconciliarHandler({ uow, gateway, painel, clock });
});

afterEach(async () => {
  gateway.close();
  await system.stop();
});

async function cobrar() {
  const { id, reservaId } = await admin.criarCobranca(system.pedido());
  return { id, reservaId, session: system.stripe.sessionOf(id) };
}

/** Paid at Stripe, and the webhook got lost. */
async function pagoSemNoticia() {
  const cobranca = await cobrar();
  system.stripe.pay(cobranca.session);
  clock.advance(61_000);
  return cobranca;
}

describe('ReconciliarHandler', () => {
  it('approves what was paid but never told, once', async () => {
    const { id, reservaId } = await pagoSemNoticia();
    const divergencias = [{ pagamentoId: id, detalhe: 'PagamentoAprovado', reparada: true }];
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 1, divergencias });
    expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO);
    await deliver(system.parts, ReservaConfirmadaSchema, { reservaId, pagamentoId: id }, 3);
    clock.advance(25 * 60 * 60_000);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 1, divergencias: [] });
  });

  it('closes what has expired but was never told', async () => {
    const { id, session } = await cobrar();
    session.status = 'expired';
    clock.advance(61_000);
    await reconciliar.execute(10);
    expect(await system.statusOf(id)).toBe(StatusPagamento.CANCELADO);
  });

  it('counts a refund that was made by hand and never told', async () => {
    const { id, session } = await pagoSemNoticia();
    await reconciliar.execute(10);
    system.stripe.refundByHand(session, 4_000);
    clock.advance(25 * 60 * 60_000);
    expect((await reconciliar.execute(10)).divergencias).toEqual([
      { pagamentoId: id, detalhe: 'EstornoSolicitado, EstornoConcluido', reparada: true },
    ]);
    expect(await system.statusOf(id)).toBe(StatusPagamento.ESTORNADO_PARCIAL);
  });

  it('compares what was paid for 120 days, as long as it can be refunded or disputed as a rule', async () => {
    const { id, session } = await pagoSemNoticia();
    await reconciliar.execute(10);
    clock.advance(100 * DIA_MS);
    system.stripe.refundByHand(session, 4_000);
    expect((await reconciliar.execute(10)).divergencias).toMatchObject([{ pagamentoId: id, reparada: true }]);
    clock.advance(19 * DIA_MS);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 1 });
    clock.advance(2 * DIA_MS);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 1 });
    clock.advance(2 * DIA_MS);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0 });
  });

  it('leaves alone what is right, too young, or was looked at a moment ago', async () => {
    const { id } = await cobrar();
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0 });
    clock.advance(61_000);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 1, divergencias: [] });
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0 });
    await reconstruirProjecoes(system.dataSource);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0 });
    expect(await system.statusOf(id)).toBe(StatusPagamento.PENDENTE);
  });

  it('takes no more than it is told to, and the rest next time', async () => {
    for (let n = 0; n < 3; n++) await cobrar();
    clock.advance(61_000);
    expect(await reconciliar.execute(2)).toMatchObject({ verificados: 2 });
    expect(await reconciliar.execute(2)).toMatchObject({ verificados: 1 });
  });

  it('stops when Stripe does not answer', async () => {
    for (let n = 0; n < 3; n++) await cobrar();
    clock.advance(61_000);
    system.stripe.failNext('unavailable');
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0, interrompida: true });
  });

  it('goes on where it was interrupted, at once', async () => {
    for (let n = 0; n < 3; n++) await cobrar();
    clock.advance(61_000);
    expect(await reconciliar.execute(1)).toMatchObject({ verificados: 1, interrompida: false });
    system.stripe.failNext('unavailable');
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0, interrompida: true });
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 2, interrompida: false });
  });

  it('approves more money than was charged, and gives the surplus back', async () => {
    const { id, session } = await pagoSemNoticia();
    Object.assign(session, { amount_total: 10_001 });
    expect((await reconciliar.execute(10)).divergencias).toEqual([
      { pagamentoId: id, detalhe: 'PagamentoAprovado, EstornoSolicitado', reparada: true },
    ]);
    expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO);
  });

  it('reports what only a person can settle: money of another currency', async () => {
    const { id, session } = await pagoSemNoticia();
    Object.assign(session, { currency: 'usd' });
    expect((await reconciliar.execute(10)).divergencias).toEqual([
      { pagamentoId: id, detalhe: 'CAPTURA_DIVERGENTE', reparada: false },
    ]);
    expect(await system.statusOf(id)).toBe(StatusPagamento.PENDENTE);
  });
});

describe('comparing everything', () => {
  it('finds what differs although it was looked at a moment ago, and ends when it is told to', async () => {
    const { id, session } = await cobrar();
    await cobrar();
    clock.advance(61_000);
    await reconciliar.execute(10);
    system.stripe.pay(session);
    expect(await reconciliar.execute(10)).toMatchObject({ verificados: 0, divergencias: [] });
    const parar = new AbortController();
    const progresso: number[] = [];
    expect(await reconciliar.tudo(parar.signal, (n) => progresso.push(n))).toMatchObject({
      verificados: 2,
      interrompida: false,
      divergencias: [{ pagamentoId: id, detalhe: 'PagamentoAprovado', reparada: true }],
    });
    expect(progresso).toEqual([2]);
    parar.abort();
    expect(await reconciliar.tudo(parar.signal, () => {})).toMatchObject({
      verificados: 0,
      interrompida: true,
    });
  });
});

describe('a round of which a part fails', () => {
  const comPainel = (mudancas: Partial<PainelDeReconciliacao>) => {
    const { dataSource } = system;
    const painel = Object.assign(new PostgresPainelDeReconciliacao(dataSource), mudancas);
    return new ReconciliarHandler({ uow: createUnitOfWork(dataSource), gateway, painel, clock });
  };
  const falha = async () => {
    throw new Error('quebrou');
  };

  it('tells what it found, does the rest, and names the error', async () => {
    const { id } = await pagoSemNoticia();
    const aprovado = { pagamentoId: id, detalhe: 'PagamentoAprovado', reparada: true };
    const erro = new Error('quebrou');
    expect(await comPainel({ comparados: falha }).execute(10)).toMatchObject({
      divergencias: [aprovado],
      erros: [erro],
    });
    clock.advance(5 * 60_000 + 1);
    const pergunta = { pagamentoId: id, detalhe: 'AprovacaoReanunciada', reparada: true };
    expect(await comPainel({ reivindicar: falha, contas: falha }).execute(10)).toMatchObject({
      divergencias: [pergunta],
      erros: [erro, erro],
    });
  });

  it('asks about the others when one cannot be asked about', async () => {
    const { id } = await pagoSemNoticia();
    await reconciliar.execute(10);
    clock.advance(5 * 60_000 + 1);
    const semReserva = async () => ['pag_quebrado', id];
    const uow = createUnitOfWork(system.dataSource);
    let vez = 0;
    const run: UnitOfWork<Transacao>['run'] = (work) => (vez++ === 0 ? falha() : uow.run(work));
    const quebrada = { run } as UnitOfWork<Transacao>;
    const painel = Object.assign(new PostgresPainelDeReconciliacao(system.dataSource), { semReserva });
    const relatorio = await new ReconciliarHandler({ uow: quebrada, gateway, painel, clock }).execute(0);
    expect(relatorio.divergencias).toMatchObject([{ pagamentoId: id, detalhe: 'AprovacaoReanunciada' }]);
    expect(relatorio.erros).toMatchObject([{ message: 'could not ask about pag_quebrado' }]);
  });

  it('still compares when credit cannot expire', async () => {
    const { id } = await pagoSemNoticia();
    await system.dataSource.query('alter table creditos_lotes rename to escondidos');
    const ronda = system.parts.background?.find(({ name }) => name === 'reconciliacao');
    await ronda?.turn?.();
    expect(await system.statusOf(id)).toBe(StatusPagamento.APROVADO);
  });
});

describe('captured money that no reservation has taken', () => {
  const perguntas = async (id: string) =>
    (await outboxOf(system.dataSource, id)).filter(
      ({ assunto }) => assunto === 'pagamentos.v1.InformarDesfecho',
    ).length;

  it('is asked about after five minutes, then ever more seldom, until somebody answers', async () => {
    const { id, reservaId } = await pagoSemNoticia();
    await reconciliar.execute(10);
    clock.advance(5 * 60_000 - 1);
    await reconciliar.execute(10);
    expect(await perguntas(id)).toBe(0);
    clock.advance(2);
    expect((await reconciliar.execute(10)).divergencias).toEqual([
      { pagamentoId: id, detalhe: 'AprovacaoReanunciada', reparada: true },
    ]);
    for (const [minutos, total] of [
      [4, 1],
      [2, 2],
      [10, 2],
      [2, 3],
    ] as const) {
      clock.advance(minutos * 60_000);
      await reconciliar.execute(10);
      expect([minutos, await perguntas(id)]).toEqual([minutos, total]);
    }
    await deliver(system.parts, PagamentoAproveitadoSchema, { reservaId, pagamentoId: id }, 3);
    clock.advance(24 * 60 * 60_000);
    expect((await reconciliar.execute(10)).semReserva).toEqual([]);
    expect(await perguntas(id)).toBe(3);
  });

  it('goes back once when reservas says that it cannot take it', async () => {
    const { id, reservaId } = await pagoSemNoticia();
    await reconciliar.execute(10);
    for (const versao of [1, 2])
      await deliver(
        system.parts,
        PagamentoNaoAproveitadoSchema,
        { reservaId, pagamentoId: id, codigo: 'RESERVA_INEXISTENTE' },
        versao,
      );
    await system.workUntil(async () => expect(await system.statusOf(id)).toBe(StatusPagamento.ESTORNADO));
    expect(system.stripe.refundsOf(id)).toHaveLength(1);
  });
});

describe('the accounts that should be empty', () => {
  const semReserva = async () => (await reconciliar.execute(10)).semReserva;

  /** Captured so long ago that its reservation should have been heard of. */
  async function capturado() {
    const cobranca = await pagoSemNoticia();
    expect(await semReserva()).not.toContain(cobranca.id);
    clock.advance(5 * 60_000 + 1);
    expect(await semReserva()).toContain(cobranca.id);
    return cobranca;
  }

  it('name captured money until its reservation is confirmed by it', async () => {
    const { id: pagamentoId, reservaId } = await capturado();
    const outro = { reservaId, pagamentoId: 'pag_outro' };
    await deliver(system.parts, ReservaConfirmadaSchema, outro, 2);
    await deliver(system.parts, ReservaConfirmadaSchema, { reservaId: 'res_gratis' }, 2);
    expect(await semReserva()).toEqual([pagamentoId]);
    await deliver(system.parts, ReservaConfirmadaSchema, { reservaId, pagamentoId }, 3);
    expect(await semReserva()).toEqual([]);
  });

  it('name captured money although its reservation was cancelled, before or after it came in', async () => {
    const antes = await cobrar();
    const cancelada = { reservaId: antes.reservaId, clienteId: 'cli_1' };
    await deliver(system.parts, ReservaCanceladaSchema, cancelada, 2);
    system.stripe.pay(antes.session);
    clock.advance(61_000);
    const depois = await capturado();
    await deliver(system.parts, ReservaCanceladaSchema, { ...cancelada, reservaId: depois.reservaId }, 3);
    expect(await semReserva()).toEqual([antes.id, depois.id]);
  });

  it('are silent about a reservation that was confirmed, and cancelled without a refund', async () => {
    const { id: pagamentoId, reservaId } = await capturado();
    await deliver(system.parts, ReservaConfirmadaSchema, { reservaId, pagamentoId }, 3);
    await deliver(system.parts, ReservaCanceladaSchema, { reservaId, clienteId: 'cli_1', pagamentoId }, 4);
    expect(await semReserva()).toEqual([]);
    await reconstruirProjecoes(system.dataSource);
    expect(await semReserva()).toEqual([]);
  });

  it('name refunds that take more than a day', async () => {
    const { id } = await pagoSemNoticia();
    await reconciliar.execute(10);
    await admin.estornarPagamento({ pagamentoId: id, motivo: 'cortesia' });
    expect(await reconciliar.execute(10)).toMatchObject({ estornosAtrasados: [], semReserva: [] });
    clock.advance(24 * 60 * 60_000 + 1);
    expect(await reconciliar.execute(10)).toMatchObject({ estornosAtrasados: [`${id}:1`], semReserva: [] });
  });
});
