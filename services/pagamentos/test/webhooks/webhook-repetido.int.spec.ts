import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Stripe } from 'stripe';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import type { InterpreteDeWebhooks, ObservadorDeWebhooks } from '../../src/webhooks/application/ports.ts';
import { ProcessarWebhookHandler } from '../../src/webhooks/application/processar-webhook.ts';
import { PostgresCaixaDeWebhooks } from '../../src/webhooks/infrastructure/caixa-de-webhooks.ts';
import { outboxOf, type PagamentosUnderTest, sign, startPagamentos } from '../pagamentos-under-test.ts';

const POSSE_MS = 10_000;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let numero = 0;

beforeAll(async () => {
  system = await startPagamentos({ clock });
});

afterAll(() => system.stop());

/** A declined card, as Stripe tells of it. */
async function recusa() {
  const reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  const { id } = await reservas.criarCobranca(system.pedido());
  const { metadata } = system.stripe.sessionOf(id);
  const evento = {
    ...{ id: `evt_${++numero}`, object: 'event', api_version: Stripe.API_VERSION },
    type: 'payment_intent.payment_failed',
    data: { object: { id: 'pi_1', metadata, last_payment_error: { charge: `ch_${id}`, code: 'x' } } },
  };
  return { id, body: JSON.stringify(evento) };
}

async function entregar(body: string): Promise<unknown> {
  return (await system.postWebhook(body, sign(body, clock.now()))).json();
}

const recusasDitas = async (id: string) =>
  (await outboxOf(system.dataSource, id)).filter(({ assunto }) => assunto.endsWith('PagamentoRecusado'))
    .length;

/** Webhooks dealt with so far, as the metrics have it. */
async function tratados(): Promise<number> {
  const metricas = await (await system.get('/metrics')).text();
  const valores = metricas.matchAll(/^pagamentos_webhooks_total\{.*resultado="processado".*\} (\d+)$/gm);
  return [...valores].reduce((total, [, valor]) => total + Number(valor), 0);
}

describe('a worker that is overtaken while it asks Stripe', () => {
  it('does nothing more, and tells of nothing', async () => {
    const { id, body } = await recusa();
    await entregar(body);
    const uow = createUnitOfWork(system.dataSource);
    const caixa = new PostgresCaixaDeWebhooks(system.dataSource);
    const ditos: string[] = [];
    const observador = {
      webhookTratado: (_, resultado) => void ditos.push(resultado),
    } as ObservadorDeWebhooks;
    const perguntou = Promise.withResolvers<void>();
    const respondeu = Promise.withResolvers<void>();
    const trabalhador = (esperar: () => Promise<void>) => {
      const interpretar: InterpreteDeWebhooks['interpretar'] = async () => {
        await esperar();
        return { tipo: 'RECUSADO', pagamentoId: id, recusaId: 'ch_1', codigo: 'x' };
      };
      const interprete = { interpretar } as InterpreteDeWebhooks;
      const processar = new ProcessarWebhookHandler({ uow, caixa, interprete, clock, observador });
      return oneByOne(processar)(1, () => {});
    };
    const lento = trabalhador(() => {
      perguntou.resolve();
      return respondeu.promise;
    });
    await perguntou.promise;
    clock.advance(POSSE_MS);
    await trabalhador(async () => {});
    respondeu.resolve();
    await lento;
    expect([ditos, await recusasDitas(id)]).toEqual([['processado'], 1]);
  });
});

const DUAS_VEZES = [
  { received: true, duplicate: false },
  { received: true, duplicate: true },
];

describe('a webhook that comes again', () => {
  it('is told from the one that was dealt with, and not counted', async () => {
    const { id, body } = await recusa();
    const antes = await tratados();
    const ronda = system.parts.background?.find(({ name }) => name === 'webhooks');
    await ronda?.start();
    const respostas = [await entregar(body), await entregar(body)];
    await eventually(async () => expect(await recusasDitas(id)).toBe(1));
    await ronda?.stop();
    expect([respostas, await tratados(), await recusasDitas(id)]).toEqual([DUAS_VEZES, antes + 1, 1]);
  });

  it('is told from the one that waits', async () => {
    const { id, body } = await recusa();
    expect([await entregar(body), await entregar(body)]).toEqual(DUAS_VEZES);
    expect(await recusasDitas(id)).toBe(0);
  });
});
