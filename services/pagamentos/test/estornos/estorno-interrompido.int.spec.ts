import type { Client } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import { type Barrier, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ExecutarEstornosHandler } from '../../src/estornos/application/executar-estornos.ts';
import type { GatewayDeEstornos } from '../../src/estornos/application/ports.ts';
import { PostgresFilaDeEstornos } from '../../src/estornos/infrastructure/fila-de-estornos.ts';
import { GatewayError } from '../../src/pagamento/application/gateway-error.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { createStripe } from '../../src/stripe/infrastructure/client.ts';
import { StripeGateway } from '../../src/stripe/infrastructure/stripe-gateway.ts';
import { type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const HORA_MS = 60 * 60_000;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let gateway: StripeGateway;
let fila: PostgresFilaDeEstornos;
let barreira: Barrier | undefined;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  fila = new PostgresFilaDeEstornos(system.dataSource);
  const stripe = createStripe({ secretKey: 'sk_test_0123456789abcdef', apiUrl: system.stripeApiUrl });
  const urls = { successUrl: 'https://loja.test', cancelUrl: 'https://loja.test' };
  gateway = new StripeGateway({ stripe, clock, ...urls });
});

afterEach(() => {
  barreira?.open();
  system.stripe.refundStatus = 'succeeded';
});

afterAll(async () => {
  gateway.close();
  await system.stop();
});

/** R$ 40.00 of R$ 100.00 are to go back: twice as much would still be there. */
async function devolvendo(): Promise<string> {
  const { id } = await admin.criarCobranca(system.pedido());
  await system.pagar(id);
  const valor = { centavos: 4_000n, moeda: 'BRL' };
  await admin.estornarPagamento({ pagamentoId: id, valor, motivo: 'cortesia' });
  return id;
}

/** @param pelo what it asks instead of Stripe, where it does */
function executor(pelo: Partial<GatewayDeEstornos> = {}): ExecutarEstornosHandler {
  const uow = createUnitOfWork(system.dataSource);
  const consultas = { consultarEstorno: (refundId: string) => gateway.consultarEstorno(refundId) };
  return new ExecutarEstornosHandler({
    ...{ fila, uow, clock },
    gateway: { ...consultas, ...pelo } as GatewayDeEstornos,
  });
}

/** One look of a worker. */
const olhar = (trabalho: ExecutarEstornosHandler) => oneByOne(trabalho)(1, () => {});

/** A process that is gone once Stripe has made the refund: nobody has counted a failure. */
async function morrerComAResposta(): Promise<void> {
  const feito = Promise.withResolvers<void>();
  const devolver: GatewayDeEstornos['devolver'] = async (pedido) => {
    await gateway.devolver(pedido);
    feito.resolve();
    return new Promise<never>(() => {});
  };
  void olhar(executor({ devolver }));
  await feito.promise;
}

describe('a refund whose process died after Stripe had made it', () => {
  it.each([
    ['within the day of its key', 1],
    ['when Stripe has forgotten its key', 25],
  ])('is not made a second time %s', async (_, horas) => {
    const id = await devolvendo();
    await morrerComAResposta();
    expect(system.stripe.refundsOf(id)).toHaveLength(1);
    clock.advance(horas * HORA_MS);
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: 4_000 }]);
  });
});

describe('a refund that was made although Stripe said that it failed, and would say so again', () => {
  it('is looked for before it is asked for under another key', async () => {
    const id = await devolvendo();
    const devolver: GatewayDeEstornos['devolver'] = async (pedido) => {
      await gateway.devolver(pedido);
      throw new GatewayError('TENTATIVA_PERDIDA', 'a 500 that is kept under the key');
    };
    await olhar(executor({ devolver }));
    clock.advance(2_000);
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: 4_000 }]);
  });
});

describe('a refund that stays pending', () => {
  it('is asked about less and less often, and once an hour at last', async () => {
    const id = await devolvendo();
    system.stripe.refundStatus = 'pending';
    const trabalhar = executor({ devolver: (pedido) => gateway.devolver(pedido) });
    const esperas: number[] = [];
    for (let vez = 1; vez <= 9; vez++) {
      await olhar(trabalhar);
      const [{ tentar_em }] = await system.dataSource.query(
        'select tentar_em from estornos where pagamento_id = $1',
        [id],
      );
      esperas.push((tentar_em.getTime() - clock.now().getTime()) / 60_000);
      clock.advance(tentar_em.getTime() - clock.now().getTime());
    }
    expect(esperas).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    for (const refund of system.stripe.refundsOf(id)) refund.status = 'succeeded';
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
  });
});

describe('a refund that is told of as done while somebody asks about it', () => {
  it('is not put into the queue again', async () => {
    const id = await devolvendo();
    system.stripe.refundStatus = 'pending';
    barreira = stopAt(/^\s*update estornos set tentar_em = \$3/);
    const pergunta = olhar(executor({ devolver: (pedido) => gateway.devolver(pedido) }));
    await barreira.reached();
    const [refund] = system.stripe.refundsOf(id);
    await system.deliverWebhook('refund.updated', Object.assign(refund ?? {}, { status: 'succeeded' }));
    await system.reach(id, StatusPagamento.ESTORNADO_PARCIAL);
    barreira.open();
    await pergunta;
    const depois = new Date(clock.now().getTime() + 24 * HORA_MS);
    expect(await fila.reivindicar(depois, depois)).toEqual([]);
  });
});
