import type { Clock } from '@plataforma/domain/clock';
import type {
  CaixaDeWebhooks,
  InterpreteDeWebhooks,
  ObservadorDeWebhooks,
  WebhookRecebido,
} from './ports.ts';
import type { ProcessarWebhookHandler } from './processar-webhook.ts';

/** Those who work on the webhooks that wait. */
export interface TrabalhoDeWebhooks {
  /** One of them does a piece of work at once; undefined when none is free. */
  offer<T>(work: () => Promise<T>): Promise<T> | undefined;
  /** There is one more that waits. */
  wake(): void;
}

interface Deps {
  readonly caixa: CaixaDeWebhooks;
  readonly interprete: Pick<InterpreteDeWebhooks, 'interessa'>;
  readonly processar: Pick<ProcessarWebhookHandler, 'aoChegar'>;
  readonly trabalho: TrabalhoDeWebhooks;
  readonly clock: Clock;
  readonly observador: ObservadorDeWebhooks;
}

/**
 * Takes a signed webhook: once it returns, what it says is done or stored for a worker to do. While a worker is free it
 * is dealt with as it comes, which takes one transaction where storing, claiming and dealing with it take three.
 */
export class ReceberWebhookHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** False when this event had come before. */
  async execute(webhook: WebhookRecebido): Promise<boolean> {
    const { caixa, interprete, processar, trabalho, clock, observador } = this.#deps;
    if (!interprete.interessa(webhook.tipo)) {
      const novo = await caixa.guardar(webhook, 'IGNORADO', clock.now());
      if (novo) observador.webhookTratado(webhook, 'ignorado');
      return novo;
    }
    const tratado = await trabalho.offer(() => processar.aoChegar(webhook));
    if (tratado !== undefined) return tratado;
    const novo = await caixa.guardar(webhook, 'PENDENTE', clock.now());
    if (novo) trabalho.wake();
    return novo;
  }
}
