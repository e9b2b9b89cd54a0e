import { Gauge, type Registry } from 'prom-client';
import type { Pendencias } from '../application/ports.ts';

/** What operators are told of removals that are not done. */
export function observarRemocoes(registry: Registry, pendencias: () => Promise<Pendencias>): void {
  new Gauge({
    name: 'remocoes_pendentes',
    help: 'Removals of accounts that wait for the answer of a service',
    labelNames: ['servico'],
    registers: [registry],
    async collect() {
      const { porServico } = await pendencias();
      for (const [servico, quantas] of Object.entries(porServico)) this.set({ servico }, quantas);
    },
  });
  new Gauge({
    name: 'remocoes_pendente_mais_antiga_segundos',
    help: 'Age of the oldest removal of an account that is not done; 0 for none',
    registers: [registry],
    async collect() {
      const { desde } = await pendencias();
      this.set(desde === undefined ? 0 : Math.max(0, (Date.now() - desde.getTime()) / 1_000));
    },
  });
}
