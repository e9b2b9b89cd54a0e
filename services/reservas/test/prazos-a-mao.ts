import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import type { Transacao } from '../src/persistence/unit-of-work.ts';
import { CumprirPrazoHandler } from '../src/reservas/application/cumprir-prazo.ts';
import type { Prazo } from '../src/reservas/domain/repositories.ts';
import type { ObservadorEmMemoria } from './duplos.ts';

export const LOTE = 50;

/** The deadlines of reservations, one look of their worker at a time. */
export class PrazosAMao {
  readonly #deps: { uow: UnitOfWork<Transacao>; clock: Clock; observador: ObservadorEmMemoria };

  constructor(deps: { uow: UnitOfWork<Transacao>; clock: Clock; observador: ObservadorEmMemoria }) {
    this.#deps = deps;
  }

  /** @returns whether there may be more that is due. */
  async execute(prazo: Prazo): Promise<boolean> {
    const { observador, ...deps } = this.#deps;
    return (await oneByOne(new CumprirPrazoHandler({ ...deps, prazo }))(LOTE, observador.falhou)) === LOTE;
  }
}
