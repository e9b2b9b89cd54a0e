import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import type { Transacao } from '../src/persistence/unit-of-work.ts';
import { CumprirPrazoHandler } from '../src/reservas/application/cumprir-prazo.ts';
import type { Prazo } from '../src/reservas/domain/repositories.ts';
import type { InMemoryObservador } from './doubles.ts';

export const BATCH = 50;

/** The deadlines of reservations, one look of their worker at a time. */
export class ManualPrazos {
  readonly #deps: { uow: UnitOfWork<Transacao>; clock: Clock; observador: InMemoryObservador };

  constructor(deps: { uow: UnitOfWork<Transacao>; clock: Clock; observador: InMemoryObservador }) {
    this.#deps = deps;
  }

  /** @returns whether there may be more that is due. */
  async execute(prazo: Prazo): Promise<boolean> {
    const { observador, ...deps } = this.#deps;
    return (await oneByOne(new CumprirPrazoHandler({ ...deps, prazo }))(BATCH, observador.failed)) === BATCH;
  }
}
