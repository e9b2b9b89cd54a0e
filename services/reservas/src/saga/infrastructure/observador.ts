import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge } from 'prom-client';
import type { ObservadorDaSaga } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly contarSemPagamento: () => Promise<number>;
  readonly contarEstornosParados: () => Promise<
    ReadonlyArray<{ readonly situacao: string; readonly total: number }>
  >;
}

/** The one place that tells operators what happens to the money of reservations. */
export function createObservadorDaSaga(deps: Deps): ObservadorDaSaga {
  const { logger, metrics, contarSemPagamento, contarEstornosParados } = deps;
  const registers = [metrics.registry];
  const adiadas = new Counter({
    name: 'reservas_cobrancas_adiadas_total',
    help: 'Reservations answered without a checkout because pagamentos did not create the charge in time.',
    registers,
  });
  new Gauge({
    name: 'reservas_sem_pagamento',
    help: 'Reservations that stand, or took place within a week, without their money: no approved payment is known, or all of it went back.',
    registers,
    async collect() {
      this.set(await contarSemPagamento());
    },
  });
  new Gauge({
    name: 'reservas_estornos_parados',
    help: 'Reservations whose money should be on its way back: no refund after 5 minutes (SEM_RESPOSTA), refused for good (RECUSADA), not done after a day (SOLICITADO), or failed (FALHOU).',
    labelNames: ['situacao'],
    registers,
    async collect() {
      const contas = await contarEstornosParados();
      this.reset();
      for (const { situacao, total } of contas) this.set({ situacao }, total);
    },
  });
  const semReserva = new Counter({
    name: 'reservas_pagamentos_sem_reserva_total',
    help: 'Payments given back because their reservation does not exist: somebody has to look why.',
    registers,
  });
  const fatosSemReserva = new Counter({
    name: 'reservas_fatos_sem_reserva_total',
    help: 'Facts of pagamentos, other than payments, about reservations that do not exist: passed over.',
    labelNames: ['fato'],
    registers,
  });
  const divergentes = new Counter({
    name: 'reservas_pagamentos_divergentes_total',
    help: 'Payments given back because their amount is not the price of the reservation: somebody has to look why.',
    registers,
  });
  return {
    pagamentoDivergente(reservaId, pagamentoId) {
      divergentes.inc();
      logger.error(
        { reserva: reservaId, pagamento: pagamentoId },
        'payment is not the price of its reservation, it goes back',
      );
    },
    pagamentoSemReserva(reservaId, pagamentoId) {
      semReserva.inc();
      logger.error(
        { reserva: reservaId, pagamento: pagamentoId },
        'payment without a reservation, it goes back',
      );
    },
    fatoSemReserva(reservaId, fato) {
      fatosSemReserva.inc({ fato });
      logger.warn({ reserva: reservaId, fato }, 'fact about a reservation that does not exist, passed over');
    },
    cobrancaAdiada(reservaId, causa) {
      adiadas.inc();
      logger.warn(
        { err: causa, reserva: reservaId },
        'hold stands without a charge, pagamentos will create it',
      );
    },
  };
}
