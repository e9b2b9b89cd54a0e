import type { Clock } from '@plataforma/domain/clock';
import type { ProviderAwayError, PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { msLater, nextTry, nextTryWhileAway } from '../../trabalhos/application/backoff.ts';
import type { AbrirCheckoutHandler } from './abrir-checkout.ts';
import type { FilaDeCobrancas, VezDeCobranca } from './ports.ts';

interface Deps {
  readonly fila: FilaDeCobrancas;
  readonly abrirCheckout: AbrirCheckoutHandler;
  readonly clock: Clock;
}

/** Longer than a call to the provider with all its retries. */
const POSSE_MS = 30_000;
const ESPERA_MAXIMA_MS = 30_000;

/** Gives charges that have no checkout another try, until there is one or the hold has ended. */
export class RetomarCheckoutsHandler implements WorkQueue<VezDeCobranca> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(): Promise<readonly VezDeCobranca[]> {
    const { fila, clock } = this.#deps;
    const agora = clock.now();
    return fila.reivindicar(agora, msLater(agora, POSSE_MS));
  }

  async execute({ pagamentoId }: VezDeCobranca): Promise<void> {
    const aberto = await this.#deps.abrirCheckout.execute({ pagamentoId, causa: 'varredura' });
    if (aberto.isFailure) throw aberto.error.cause;
  }

  async putOff({ pagamentoId, falhas }: VezDeCobranca, error: unknown): Promise<PutOff> {
    const { fila, clock } = this.#deps;
    const failures = falhas + 1;
    await fila.adiar(pagamentoId, nextTry(clock.now(), failures, ESPERA_MAXIMA_MS), String(error));
    return { item: pagamentoId, failures };
  }

  async giveBack({ pagamentoId, paradaDesde }: VezDeCobranca, error: ProviderAwayError): Promise<void> {
    const { fila, clock } = this.#deps;
    const tentarEm = nextTryWhileAway(clock.now(), paradaDesde, ESPERA_MAXIMA_MS);
    await fila.devolver(pagamentoId, tentarEm, String(error));
  }
}
