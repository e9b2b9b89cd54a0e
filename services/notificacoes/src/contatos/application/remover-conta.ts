import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao } from './ports.ts';

export interface RemoverContaCommand {
  readonly usuarioId: string;
  readonly em: Date;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** The person is gone: what waited for them is not sent, and nothing they wrote is kept. */
export class RemoverContaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({ usuarioId, em }: RemoverContaCommand): Promise<void> {
    return this.#deps.uow.run(async ({ contatos, fila, preferencias }) => {
      await contatos.apagar(usuarioId, em);
      await preferencias.apagar(usuarioId);
      await fila.esquecer(usuarioId);
      await fila.reter(usuarioId, false);
    });
  }
}
