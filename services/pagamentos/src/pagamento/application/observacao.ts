import type { WebhookRecebido } from '../../webhooks/application/ports.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import type { GatewayError } from './provedor.ts';

/** How an attempt to deal with a webhook ended. */
type ResultadoDoWebhook = 'processado' | 'ignorado' | 'adiado' | 'estacionado';

export type EstadoDoDisjuntor = 'closed' | 'half-open' | 'open';

/** Business metrics and logs: the only way out for what operators should see. */
export interface Observacao {
  /** @param motivo one of few fixed words */
  webhookRecusado(motivo: string): void;
  webhookTratado(webhook: WebhookRecebido, resultado: ResultadoDoWebhook, erro?: unknown): void;
  checkoutFalhou(pagamentoId: string, erro: GatewayError): void;
  /** The circuit breaker around the provider. */
  disjuntorMudou(estado: EstadoDoDisjuntor): void;
  encerramentoFalhou(pagamentoId: string, erro: unknown): void;
  /** A refund was not made yet, and will be tried again. */
  estornoAdiado(pagamentoId: string, numero: number, erro: unknown): void;
  /** A part of the reconciler's round failed; the others went on. */
  rodadaFalhou(erro: unknown): void;
  reconciliado(
    divergencias: ReadonlyArray<{ pagamentoId: string; detalhe: string; reparada: boolean }>,
  ): void;
  /** Committed. */
  gravados(pagamentoId: string, eventos: readonly PagamentoEvent[]): void;
}
