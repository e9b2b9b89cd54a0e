import type { Clock } from '@plataforma/domain/clock';
import { msLater, nextTry } from '../../work/application/backoff.ts';
import type { AbrirCheckout } from './abrir-checkout.ts';
import type { FilaDeCobrancas } from './ports.ts';

interface Deps {
  readonly fila: FilaDeCobrancas;
  readonly abrirCheckout: AbrirCheckout;
  readonly clock: Clock;
}

/** Longer than a call to the provider with all its retries. */
const POSSE_MS = 30_000;
const ESPERA_MAXIMA_MS = 30_000;

/** Gives charges that have no checkout another try, until there is one or the hold has ended. */
export class RetomarCheckouts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Works on the next charge due; false when none is. */
  async executarProximo(): Promise<boolean> {
    const { fila, abrirCheckout, clock } = this.#deps;
    const agora = clock.now();
    const pendente = await fila.reivindicar(agora, msLater(agora, POSSE_MS));
    if (!pendente) return false;
    const { pagamentoId, falhas } = pendente;
    const aberto = await abrirCheckout.execute(pagamentoId, 'varredura');
    if (aberto.isFailure) {
      const tentarEm = nextTry(clock.now(), falhas + 1, ESPERA_MAXIMA_MS);
      await fila.adiar(pagamentoId, tentarEm, aberto.error.motivo);
    }
    return true;
  }
}
