import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { breakerObserver } from '../../src/stripe/infrastructure/breaker-observer.ts';
import { createStripe } from '../../src/stripe/infrastructure/client.ts';
import { StripeGateway } from '../../src/stripe/infrastructure/stripe-gateway.ts';
import { StripeServer } from '../stripe-server.ts';

const RESET_MS = 50;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let stripe: StripeServer;
let gateway: StripeGateway;
let states: string[];
let apiUrl: string;
const metrics = createMetrics('pagamentos');
const logger = createLogger({ service: 'pagamentos', level: 'silent' });
const disjuntorMudou = breakerObserver({ logger, metrics });

beforeEach(async () => {
  stripe = new StripeServer(clock);
  states = [];
  apiUrl = await stripe.start();
  gateway = createGateway(RESET_MS);
});

function createGateway(breakerResetMs: number): StripeGateway {
  return new StripeGateway({
    stripe: createStripe({ secretKey: 'sk_test_0123456789abcdef', apiUrl }),
    clock,
    successUrl: 'https://loja.test/ok',
    cancelUrl: 'https://loja.test/volta',
    breakerResetMs,
    onBreakerChange(state) {
      states.push(state);
      disjuntorMudou(state);
    },
  });
}

afterEach(async () => {
  gateway.close();
  await stripe.stop();
});

function abrir(n = 1) {
  const expiraEm = new Date(clock.now().getTime() + 40 * 60_000);
  const dados = { reservaId: `res_${n}`, clienteId: 'cli_1', descricao: 'Sala', expiraEm, tentativa: 1 };
  return gateway.abrirCheckout({ ...dados, pagamentoId: `pag_${n}`, valor: Dinheiro.deCentavos(100n) });
}

/** How it failed, or undefined. */
const falha = (chamada: Promise<unknown>): Promise<unknown> =>
  chamada.then(
    () => undefined,
    (error) => error.falha ?? error.name,
  );

async function openTheBreaker(): Promise<void> {
  stripe.failNext('unavailable', 5);
  for (let n = 1; n <= 5; n++) expect(await falha(gateway.consultarSessao('cs_1'))).toBe('ProviderAwayError');
}

async function gauge(estado: string): Promise<number | undefined> {
  const metric = await metrics.registry.getSingleMetric<'estado'>('disjuntor_estado')?.get();
  return metric?.values.find(({ labels }) => labels.estado === estado)?.value;
}

describe('the circuit breaker around Stripe', () => {
  it('opens after five failures in a row: then nobody is asked any more', async () => {
    await openTheBreaker();
    expect(states).toEqual(['open']);
    expect(await falha(abrir())).toBe('ProviderAwayError');
    expect(stripe.failures).toBe(5);
    expect(stripe.creations).toEqual([]);
    expect(await gauge('open')).toBe(1);
  });

  it('stays closed when a success comes in between', async () => {
    stripe.failNext('unavailable', 4);
    for (let n = 1; n <= 4; n++) await falha(gateway.consultarSessao('cs_1'));
    await abrir();
    stripe.failNext('unavailable', 4);
    for (let n = 1; n <= 4; n++) await falha(gateway.consultarSessao('cs_1'));
    expect(states).toEqual([]);
  });

  it('tries again after a while and closes after two successes', async () => {
    await openTheBreaker();
    await eventually(() => expect(states).toEqual(['open', 'half-open']));
    await abrir(1);
    expect(states).toEqual(['open', 'half-open']);
    await abrir(2);
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect([await gauge('open'), await gauge('closed')]).toEqual([0, 1]);
  });

  it('does not open when Stripe answers that the request is wrong', async () => {
    for (let n = 1; n <= 8; n++) expect(await falha(gateway.consultarSessao('cs_nada'))).toBe('RECUSADO');
    expect(states).toEqual([]);
  });

  it('counts each repetition of a request that somebody waits for', async () => {
    gateway.close();
    gateway = createGateway(30_000);
    stripe.failNext('rate-limited', 5);
    expect(await falha(abrir())).toBe('ProviderAwayError');
    expect(stripe.failures).toBe(3);
    expect(await falha(abrir())).toBe('ProviderAwayError');
    expect([stripe.failures, ...states]).toEqual([5, 'open']);
  });
});

describe('a request that somebody waits for', () => {
  it('is asked three times at most, and not again when Stripe says that this is in vain', async () => {
    stripe.failNext('rate-limited', 2);
    expect(await falha(abrir(1))).toBeUndefined();
    expect([stripe.failures, stripe.creations.length]).toEqual([2, 1]);
    stripe.failNext('unavailable');
    expect(await falha(abrir(2))).toBe('ProviderAwayError');
    expect([stripe.failures, stripe.creations.length]).toEqual([3, 1]);
  });
});

describe('a request whose key another one is using this moment', () => {
  it('is asked again, and is neither refused nor lost', async () => {
    stripe.failNext('key-in-use', 2);
    expect(await falha(abrir())).toBeUndefined();
    expect([stripe.failures, stripe.creations.length]).toEqual([2, 1]);
    stripe.failNext('key-in-use');
    const devolucao = {
      pagamentoId: 'pag_1',
      reservaId: 'res_1',
      intencaoId: 'pi_1',
      numero: 1,
      tentativa: 1,
    };
    const valor = Dinheiro.deCentavos(100n);
    expect(await falha(gateway.devolver({ ...devolucao, valor }))).toBe('ProviderAwayError');
  });
});

describe('a pause that Stripe asks for', () => {
  it('is kept by every call, and nobody waits for the end of a long one', async () => {
    stripe.retryAfter = 30;
    stripe.failNext('rate-limited');
    expect(await falha(abrir(1))).toBe('ProviderAwayError');
    expect(await falha(gateway.consultarSessao('cs_1'))).toBe('ProviderAwayError');
    expect(await falha(abrir(2))).toBe('ProviderAwayError');
    expect([stripe.failures, stripe.creations.length]).toEqual([1, 0]);
    clock.advance(30_000);
    expect(await falha(abrir(1))).toBeUndefined();
  });

  it('ends when the clock is set back', async () => {
    stripe.retryAfter = 30;
    stripe.failNext('rate-limited');
    expect(await falha(gateway.consultarSessao('cs_1'))).toBe('ProviderAwayError');
    clock.advance(-3_600_000);
    expect(await falha(abrir(4))).toBeUndefined();
  });

  it('ends after a minute whatever Stripe says', async () => {
    stripe.retryAfter = 86_400;
    stripe.failNext('rate-limited');
    expect(await falha(gateway.consultarSessao('cs_1'))).toBe('ProviderAwayError');
    clock.advance(60_000);
    expect(await falha(abrir(3))).toBeUndefined();
  });
});
