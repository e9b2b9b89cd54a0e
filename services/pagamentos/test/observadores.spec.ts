import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { createLogger, type Logger } from '@plataforma/runtime/logger';
import { createMetrics, type Metrics } from '@plataforma/runtime/metrics';
import { createObservadorDeCobrancas } from '../src/cobrancas/infrastructure/observador.ts';
import { observarContas } from '../src/conciliacao/infrastructure/observador.ts';
import { GatewayError } from '../src/pagamento/application/gateway-error.ts';
import type { PagamentoEvent } from '../src/pagamento/domain/eventos.ts';
import { createObservadorDePagamentos } from '../src/pagamento/infrastructure/observador.ts';
import { breakerObserver } from '../src/stripe/infrastructure/breaker-observer.ts';
import { createObservadorDeWebhooks } from '../src/webhooks/infrastructure/observador.ts';

const em = new Date('2026-11-24T12:00:00Z');
const valor = Dinheiro.deCentavos(10_000n);
const erro = new Error('boom');
const webhook = { id: 'evt_1', tipo: 'refund.created', payload: '{"secret":1}' };

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

function observe(happen: (deps: Deps) => void) {
  const lines: Array<Record<string, unknown>> = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const metrics = createMetrics('pagamentos');
  happen({ logger: createLogger({ service: 'pagamentos', destination }), metrics });
  const said = lines.map(({ time: _, pid: __, service: ___, err, ...line }) => ({
    ...line,
    ...(err !== undefined && { err: (err as { message: string }).message }),
  }));
  /** What a counter or gauge has, without the zeros. */
  const measure = async (nome: string) =>
    ((await metrics.registry.getSingleMetric(nome)?.get())?.values ?? [])
      .filter(({ value }) => value !== 0)
      .map(({ value, labels }) => [value, labels]);
  return { said, measure, metrics };
}

const cobrancas = (deps: Deps) => createObservadorDeCobrancas(deps);
const pagamentos = (deps: Deps) => createObservadorDePagamentos(deps);
const webhooks = (deps: Deps) =>
  createObservadorDeWebhooks({ ...deps, contar: async () => ({ pendentes: 3, estacionados: 2 }) });
const gravado = (deps: Deps, evento: PagamentoEvent) => pagamentos(deps).gravados('pag_1', [evento]);
const disputa = { disputaId: 'dp_1', motivo: 'fraudulent', valor, em };
const estorno = { numero: 1, valor, em };

describe('what operators are told', () => {
  it.each<[string, (deps: Deps) => void, object, string, object]>([
    [
      'a checkout that may open later',
      (deps) => cobrancas(deps).checkoutFalhou('pag_1', new ProviderAwayError('away')),
      {
        level: 'warn',
        pagamentoId: 'pag_1',
        falha: 'INDISPONIVEL',
        err: 'away',
        msg: 'checkout could not be opened',
      },
      'pagamentos_checkout_falhas_total',
      { falha: 'INDISPONIVEL' },
    ],
    [
      'a checkout that Stripe refuses',
      (deps) => cobrancas(deps).checkoutFalhou('pag_1', new GatewayError('RECUSADO', 'no')),
      {
        level: 'error',
        pagamentoId: 'pag_1',
        falha: 'RECUSADO',
        err: 'no',
        msg: 'checkout could not be opened',
      },
      'pagamentos_checkout_falhas_total',
      { falha: 'RECUSADO' },
    ],
    [
      'a payment that was repaired',
      (deps) => pagamentos(deps).divergiu({ pagamentoId: 'pag_1', detalhe: 'x', reparada: true }),
      {
        level: 'warn',
        pagamentoId: 'pag_1',
        detalhe: 'x',
        reparada: true,
        msg: 'payment differed from Stripe',
      },
      'pagamentos_divergencias_total',
      { reparada: 'true' },
    ],
    [
      'a payment that needs a person',
      (deps) => pagamentos(deps).divergiu({ pagamentoId: 'pag_1', detalhe: 'x', reparada: false }),
      {
        level: 'error',
        pagamentoId: 'pag_1',
        detalhe: 'x',
        reparada: false,
        msg: 'payment differed from Stripe',
      },
      'pagamentos_divergencias_total',
      { reparada: 'false' },
    ],
    [
      'a refund that failed',
      (deps) => gravado(deps, { tipo: 'EstornoFalhou', ...estorno, motivo: 'declined', devolvido: false }),
      {
        level: 'error',
        pagamentoId: 'pag_1',
        numero: 1,
        motivo: 'declined',
        msg: 'refund failed, somebody has to act',
      },
      'pagamentos_eventos_total',
      { tipo: 'EstornoFalhou' },
    ],
    [
      'another amount than was charged',
      (deps) =>
        gravado(deps, {
          ...{ tipo: 'EstornoSolicitado', ...estorno, meio: 'CARTAO', origem: 'EXCEDENTE' },
          motivo: 'CAPTURA_DIVERGENTE',
        }),
      {
        ...{ level: 'error', pagamentoId: 'pag_1', numero: 1, motivo: 'CAPTURA_DIVERGENTE' },
        msg: 'another amount was captured than charged, it goes back',
      },
      'pagamentos_eventos_total',
      { tipo: 'EstornoSolicitado' },
    ],
    [
      'a question of the bank',
      (deps) => gravado(deps, { tipo: 'DisputaAberta', ...disputa, consulta: true }),
      { level: 'error', pagamentoId: 'pag_1', disputaId: 'dp_1', msg: 'bank asks about a payment' },
      'pagamentos_eventos_total',
      { tipo: 'DisputaAberta' },
    ],
    [
      'a dispute',
      (deps) => gravado(deps, { tipo: 'DisputaAberta', ...disputa }),
      {
        level: 'error',
        pagamentoId: 'pag_1',
        disputaId: 'dp_1',
        msg: 'payment is disputed, refunds are frozen',
      },
      'pagamentos_eventos_total',
      { tipo: 'DisputaAberta' },
    ],
    [
      'a dispute that is lost',
      (deps) => gravado(deps, { tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado: 'lost', em }),
      {
        level: 'error',
        pagamentoId: 'pag_1',
        disputaId: 'dp_1',
        msg: 'dispute is lost, the bank keeps the money',
      },
      'pagamentos_eventos_total',
      { tipo: 'DisputaPerdida' },
    ],
    [
      'a webhook that is not from Stripe',
      (deps) => webhooks(deps).webhookRecusado('malformed header'),
      { level: 'warn', motivo: 'malformed header', msg: 'webhook refused', vezes: 1 },
      'pagamentos_webhooks_recusados_total',
      { motivo: 'malformed header' },
    ],
    [
      'a webhook that is dealt with',
      (deps) => webhooks(deps).webhookTratado(webhook, 'processado'),
      {
        ...{ level: 'info', eventoId: 'evt_1', tipo: 'refund.created', resultado: 'processado' },
        msg: 'webhook dealt with',
      },
      'pagamentos_webhooks_total',
      { tipo: 'refund.created', resultado: 'processado' },
    ],
    [
      'a webhook that comes again',
      (deps) => webhooks(deps).webhookTratado(webhook, 'adiado', erro),
      {
        level: 'warn',
        eventoId: 'evt_1',
        tipo: 'refund.created',
        err: 'boom',
        msg: 'webhook will be tried again',
      },
      'pagamentos_webhooks_total',
      { tipo: 'refund.created', resultado: 'adiado' },
    ],
    [
      'a webhook that is given up',
      (deps) => webhooks(deps).webhookTratado(webhook, 'estacionado', erro),
      {
        level: 'error',
        eventoId: 'evt_1',
        tipo: 'refund.created',
        err: 'boom',
        msg: 'webhook needs attention',
      },
      'pagamentos_webhooks_total',
      { tipo: 'refund.created', resultado: 'estacionado' },
    ],
  ])('of %s: a line and a number', async (_, happen, line, measure, labels) => {
    const visto = observe(happen);
    expect(visto.said).toEqual([line]);
    expect(await visto.measure(measure)).toEqual([[1, labels]]);
  });

  it('of a charge that cannot be closed yet: a line', () => {
    const { said } = observe((deps) => cobrancas(deps).encerramentoFalhou('pag_1', erro));
    const msg = 'charge could not be closed yet';
    expect(said).toEqual([{ level: 'warn', pagamentoId: 'pag_1', err: 'boom', msg }]);
  });

  it.each<[string, PagamentoEvent]>([
    [
      'EstornoFeitoNoProvedor',
      { tipo: 'EstornoFalhou', ...estorno, motivo: 'FEITO_NO_PROVEDOR', devolvido: false },
    ],
    ['DisputaEncerrada', { tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado: 'won', em }],
    [
      'EstornoSolicitado',
      { tipo: 'EstornoSolicitado', ...estorno, meio: 'CARTAO', origem: 'ADMIN', motivo: 'cortesia' },
    ],
    [
      'EstornoSolicitado',
      {
        tipo: 'EstornoSolicitado',
        ...estorno,
        meio: 'CREDITO',
        origem: 'NAO_APROVEITADO',
        motivo: 'CAPTURA_DIVERGENTE',
      },
    ],
    ['CobrancaCancelada', { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em }],
  ])('of %s, which needs nobody: a number alone', async (tipo, evento) => {
    const { said, measure } = observe((deps) => gravado(deps, evento));
    expect(said).toEqual([]);
    expect(await measure('pagamentos_eventos_total')).toEqual([[1, { tipo }]]);
  });

  it('before anything happens: the numbers that alerts wait for', async () => {
    const { metrics } = observe((deps) => {
      pagamentos(deps);
      webhooks(deps);
    });
    const textos = await metrics.registry.metrics();
    for (const tipo of ['EstornoFalhou', 'DisputaAberta', 'DisputaPerdida'])
      expect(textos).toMatch(new RegExp(`pagamentos_eventos_total\\{.*tipo="${tipo}".*\\} 0\n`));
    for (const reparada of ['true', 'false'])
      expect(textos).toMatch(new RegExp(`pagamentos_divergencias_total\\{.*reparada="${reparada}".*\\} 0\n`));
    expect(textos).toMatch(/pagamentos_webhooks\{.*estado="PENDENTE".*\} 3\n/);
    expect(textos).toMatch(/pagamentos_webhooks\{.*estado="ESTACIONADO".*\} 2\n/);
  });

  it('of the breaker: the state that it is in, and each change', async () => {
    const { said, measure } = observe((deps) => {
      const mudou = breakerObserver(deps);
      mudou('open');
    });
    const msg = 'circuit breaker changed';
    expect(said).toEqual([{ level: 'warn', disjuntor: 'stripe', estado: 'open', msg }]);
    expect(await measure('disjuntor_estado')).toEqual([[1, { disjuntor: 'stripe', estado: 'open' }]]);
    const antes = observe((deps) => void breakerObserver(deps));
    expect(await antes.measure('disjuntor_estado')).toEqual([[1, { disjuntor: 'stripe', estado: 'closed' }]]);
  });

  it('of open accounts: how many there are, by one look for each scrape', async () => {
    let olhadas = 0;
    const { measure, metrics } = observe((deps) =>
      observarContas(deps.metrics.registry, async () => {
        olhadas += 1;
        const contas = { semReserva: ['a'], estornosAtrasados: ['a', 'b'], encerramentosAtrasados: [] };
        return { ...contas, creditosDivergentes: ['a', 'b', 'c'] };
      }),
    );
    await metrics.registry.metrics();
    expect(olhadas).toBe(1);
    expect(await measure('pagamentos_sem_reserva')).toEqual([[1, {}]]);
    expect(await measure('estornos_atrasados')).toEqual([[2, {}]]);
    expect(await measure('creditos_divergentes')).toEqual([[3, {}]]);
    expect(await measure('encerramentos_atrasados')).toEqual([]);
    expect(olhadas).toBe(5);
  });
});
