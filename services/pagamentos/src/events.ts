import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ContasEmAberto } from './conciliacao/application/painel-de-reconciliacao.ts';
import type { EstadoDoDisjuntor, Observacao } from './pagamento/application/observacao.ts';
import {
  CAPTURA_DIVERGENTE,
  DISPUTA_PERDIDA,
  FEITO_NO_PROVEDOR,
  type PagamentoEvent,
} from './pagamento/domain/eventos.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly contarWebhooks: () => Promise<{ pendentes: number; estacionados: number }>;
  readonly contas: () => Promise<ContasEmAberto>;
}

/** The only place with business metrics and logs. Labels are few: event types of Stripe and fixed words. */
export function createObservacao({ logger, metrics, contarWebhooks, contas }: Deps): Observacao {
  const registers = [metrics.registry];
  const webhooks = new Counter({
    name: 'pagamentos_webhooks_total',
    help: 'Attempts to deal with a webhook, by event type and result.',
    labelNames: ['tipo', 'resultado'],
    registers,
  });
  const recusados = new Counter({
    name: 'pagamentos_webhooks_recusados_total',
    help: 'Webhooks whose signature or time stamp did not hold. All of them: the secret here is not that of Stripe.',
    labelNames: ['motivo'],
    registers,
  });
  const eventos = new Counter({
    name: 'pagamentos_eventos_total',
    help: 'Events of payments, by type. EstornoFalhou, DisputaAberta and DisputaPerdida need somebody to act.',
    labelNames: ['tipo'],
    registers,
  });
  for (const tipo of ['EstornoFalhou', 'DisputaAberta', 'DisputaPerdida']) eventos.inc({ tipo }, 0);
  const falhas = new Counter({
    name: 'pagamentos_checkout_falhas_total',
    help: 'Checkouts that the provider did not open, by kind of failure.',
    labelNames: ['falha'],
    registers,
  });
  new Gauge({
    name: 'pagamentos_webhooks',
    help: 'Stored webhooks that wait (PENDENTE) or need somebody to look (ESTACIONADO).',
    labelNames: ['estado'],
    registers,
    async collect() {
      const { pendentes, estacionados } = await contarWebhooks();
      this.set({ estado: 'PENDENTE' }, pendentes);
      this.set({ estado: 'ESTACIONADO' }, estacionados);
    },
  });
  const disjuntor = new Gauge({
    name: 'disjuntor_estado',
    help: 'State of the circuit breaker around Stripe: 1 for the state it is in.',
    labelNames: ['disjuntor', 'estado'],
    registers,
  });
  const emEstado = (atual: EstadoDoDisjuntor) => {
    for (const estado of ['closed', 'half-open', 'open'])
      disjuntor.set({ disjuntor: 'stripe', estado }, estado === atual ? 1 : 0);
  };
  emEstado('closed');
  const divergencias = new Counter({
    name: 'pagamentos_divergencias_total',
    help: 'Payments that differed from Stripe; what could not be repaired needs somebody to look.',
    labelNames: ['reparada'],
    registers,
  });
  for (const reparada of ['true', 'false']) divergencias.inc({ reparada }, 0);
  contasEmAberto(contas, registers);
  return {
    disjuntorMudou(estado) {
      emEstado(estado);
      logger.warn({ disjuntor: 'stripe', estado }, 'circuit breaker changed');
    },
    rodadaFalhou(err) {
      logger.error({ err }, 'part of the reconciliation failed, trying again');
    },
    reconciliado(achadas) {
      for (const { pagamentoId, detalhe, reparada } of achadas) {
        divergencias.inc({ reparada: String(reparada) });
        logger[reparada ? 'warn' : 'error'](
          { pagamentoId, detalhe, reparada },
          'payment differed from Stripe',
        );
      }
    },
    webhookRecusado(motivo) {
      recusados.inc({ motivo });
      logger.warn({ motivo }, 'webhook refused');
    },
    webhookTratado({ id, tipo }, resultado, err) {
      webhooks.inc({ tipo, resultado });
      if (resultado === 'estacionado') logger.error({ eventoId: id, tipo, err }, 'webhook needs attention');
      else if (resultado === 'adiado')
        logger.warn({ eventoId: id, tipo, err }, 'webhook will be tried again');
      else logger.info({ eventoId: id, tipo, resultado }, 'webhook dealt with');
    },
    encerramentoFalhou(pagamentoId, err) {
      logger.warn({ pagamentoId, err }, 'charge could not be closed yet');
    },
    estornoAdiado(pagamentoId, numero, err) {
      logger.warn({ pagamentoId, numero, err }, 'refund could not be made yet');
    },
    gravados(pagamentoId, gravados) {
      for (const evento of gravados) {
        const { tipo, alerta, ...dados } = contado(evento);
        eventos.inc({ tipo });
        if (alerta) logger.error({ pagamentoId, ...dados }, alerta);
      }
    },
    checkoutFalhou(pagamentoId, err) {
      falhas.inc({ falha: err.falha });
      const level = err.falha === 'RECUSADO' ? 'error' : 'warn';
      logger[level]({ pagamentoId, falha: err.falha, err }, 'checkout could not be opened');
    },
  };
}

interface Contado {
  readonly tipo: string;
  /** What somebody has to hear of it. */
  readonly alerta?: string;
  readonly numero?: number;
  readonly disputaId?: string;
  readonly motivo?: string;
}

/** What an event is counted as, and whether somebody has to act. */
function contado(evento: PagamentoEvent): Contado {
  const { tipo } = evento;
  if (tipo === 'EstornoFalhou') {
    const { numero, motivo } = evento;
    if (motivo === FEITO_NO_PROVEDOR) return { tipo: 'EstornoFeitoNoProvedor' };
    return { tipo, alerta: 'refund failed, somebody has to act', numero, motivo };
  }
  if (tipo === 'EstornoSolicitado' && evento.motivo === CAPTURA_DIVERGENTE && evento.meio === 'CARTAO') {
    const { numero, motivo } = evento;
    return { tipo, alerta: 'another amount was captured than charged, it goes back', numero, motivo };
  }
  if (tipo === 'DisputaAberta') {
    const { disputaId, consulta } = evento;
    const alerta = consulta ? 'bank asks about a payment' : 'payment is disputed, refunds are frozen';
    return { tipo, alerta, disputaId };
  }
  if (tipo === 'DisputaEncerrada' && evento.resultado === DISPUTA_PERDIDA) {
    const { disputaId } = evento;
    return { tipo: 'DisputaPerdida', alerta: 'dispute is lost, the bank keeps the money', disputaId };
  }
  return { tipo };
}

/** Gauges that should be zero, each worth an alert. */
function contasEmAberto(contas: () => Promise<ContasEmAberto>, registers: Registry[]): void {
  // The gauges of one scrape are collected side by side: they share one look.
  let olhando: Promise<ContasEmAberto> | undefined;
  const olhar = () => {
    olhando ??= contas().finally(() => {
      olhando = undefined;
    });
    return olhando;
  };
  const gauge = (name: string, help: string, conta: keyof ContasEmAberto) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await olhar())[conta].length);
      },
    });
  gauge(
    'pagamentos_sem_reserva',
    'Captured minutes ago: no reservation took it, nothing goes back.',
    'semReserva',
  );
  gauge('estornos_atrasados', 'Refunds under way for more than a day.', 'estornosAtrasados');
  gauge(
    'creditos_divergentes',
    'Payments for which the ledger of credits keeps another amount than their events say.',
    'creditosDivergentes',
  );
  gauge('encerramentos_atrasados', 'Charges that could not be closed for minutes.', 'encerramentosAtrasados');
}
