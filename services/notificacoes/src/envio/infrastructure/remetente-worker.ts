import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';
import { type EnviarNotificacoesHandler, LOTE } from '../application/enviar-notificacoes.ts';

interface Deps {
  readonly envio: Pick<EnviarNotificacoesHandler, 'execute'>;
  readonly logger: Logger;
  /** Called when no message is in hand any more. */
  readonly close: () => void;
}

const POLL_MS = 1_000;
const MAX_PAUSE_MS = 10_000;

/**
 * Sends what is due, in the background: at once after `wake`, else each second. While the provider or the database is
 * away it tries with growing pauses, which a wake does not cut short: a busy hour must not become a storm of attempts.
 */
export class RemetenteWorker implements Background {
  readonly name = 'sender';
  readonly #deps: Deps;
  readonly #stopping = new AbortController();
  #idle = new AbortController();
  #woken = false;
  #troubles = 0;
  #missing: 'provider' | 'database' = 'database';
  #loop: Promise<void> | undefined;

  constructor(deps: Deps) {
    this.#deps = { ...deps, logger: deps.logger.child({ componente: 'remetente' }) };
  }

  async start(): Promise<void> {
    this.#loop ??= this.#run();
  }

  /** Takes no more messages and resolves when those in hand are sent and marked. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#idle.abort();
    await this.#loop;
    this.#deps.close();
  }

  async turn(): Promise<boolean> {
    return (await this.#deps.envio.execute()).tomadas > 0;
  }

  /** Something may have become due. */
  wake(): void {
    this.#woken = true;
    // With a reason of its own: the default one is an error with a stack, made anew each time.
    this.#idle.abort('woken');
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = false;
      const more = await this.#pass();
      if (this.#troubles > 0) await delay(this.#pauseMs(), this.#stopping.signal);
      else if (!more) await this.#rest();
    }
  }

  /** True when there may be more than one pass could take. */
  async #pass(): Promise<boolean> {
    try {
      const { tomadas, indisponivel } = await this.#deps.envio.execute();
      if (indisponivel) this.#trouble('provider', { motivo: indisponivel.message });
      // With nothing due the provider was not asked.
      else if (tomadas > 0 || this.#missing === 'database') this.#fine();
      return tomadas >= LOTE;
    } catch (error) {
      this.#trouble('database', { err: error });
      return false;
    }
  }

  /** The first one of a row is for operators, the others are for those who look closely. */
  #trouble(missing: 'provider' | 'database', context: object): void {
    const first = this.#troubles === 0 || this.#missing !== missing;
    this.#missing = missing;
    this.#troubles++;
    const level = first ? 'error' : 'debug';
    this.#deps.logger[level]({ ...context, falta: missing }, 'messages cannot be sent now, trying on');
  }

  #fine(): void {
    if (this.#troubles > 0) this.#deps.logger.info({}, 'sending again');
    this.#troubles = 0;
  }

  #pauseMs(): number {
    return Math.min(500 * 2 ** Math.min(this.#troubles, 10), MAX_PAUSE_MS);
  }

  async #rest(): Promise<void> {
    if (this.#woken) return;
    this.#idle = new AbortController();
    if (!this.#stopping.signal.aborted) await delay(POLL_MS, this.#idle.signal);
  }
}
