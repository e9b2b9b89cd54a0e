import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter } from 'prom-client';
import type { ObservadorDePagamentos } from '../application/ports.ts';
import {
  CAPTURA_DIVERGENTE,
  DISPUTA_PERDIDA,
  FEITO_NO_PROVEDOR,
  type PagamentoEvent,
} from '../domain/eventos.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Events of payments, and what differed from Stripe. */
export function createObservadorDePagamentos({ logger, metrics }: Deps): ObservadorDePagamentos {
  const registers = [metrics.registry];
  const eventos = new Counter({
    name: 'pagamentos_eventos_total',
    help: 'Events of payments, by type. EstornoFalhou, DisputaAberta and DisputaPerdida need somebody to act.',
    labelNames: ['tipo'],
    registers,
  });
  for (const tipo of ['EstornoFalhou', 'DisputaAberta', 'DisputaPerdida']) eventos.inc({ tipo }, 0);
  const divergencias = new Counter({
    name: 'pagamentos_divergencias_total',
    help: 'Payments that differed from Stripe; what could not be repaired needs somebody to look.',
    labelNames: ['reparada'],
    registers,
  });
  for (const reparada of ['true', 'false']) divergencias.inc({ reparada }, 0);
  return {
    gravados(pagamentoId, gravados) {
      for (const evento of gravados) {
        const { tipo, alerta, ...dados } = contado(evento);
        eventos.inc({ tipo });
        if (alerta) logger.error({ pagamentoId, ...dados }, alerta);
      }
    },
    divergiu({ pagamentoId, detalhe, reparada }) {
      divergencias.inc({ reparada: String(reparada) });
      logger[reparada ? 'warn' : 'error']({ pagamentoId, detalhe, reparada }, 'payment differed from Stripe');
    },
  };
}

interface Contado {
  readonly tipo: string;
  /** What operators have to hear of it. */
  readonly alerta?: string;
  readonly numero?: number;
  readonly disputaId?: string;
  readonly motivo?: string;
}

/** What an event is counted as, and whether operators have to act. */
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
