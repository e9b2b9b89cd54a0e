import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '../ports.ts';

interface Deps {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
}

const LOTE = 50;

/** Ends the wait of those whose period came too near: one batch, in one transaction. */
export class EncerrarEsperasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns whether there may be more. */
  execute(): Promise<boolean> {
    const { uow, clock } = this.#deps;
    return uow.run(async ({ fila }) => {
      const em = clock.now();
      const entradas = await fila.aEncerrar(em, LOTE);
      for (const entrada of entradas) {
        entrada.encerrar(em);
        await fila.save(entrada);
      }
      return entradas.length === LOTE;
    });
  }
}
