import { Gauge, type Registry } from 'prom-client';
import type { ContasEmAberto } from '../application/ports.ts';

/** Gauges that should be zero, each worth an alert. */
export function observarContas(registry: Registry, contas: () => Promise<ContasEmAberto>): void {
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
      registers: [registry],
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
