import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao } from './ports.ts';

export interface RemoverContaCommand {
  readonly usuarioId: string;
  readonly em: Date;
}

/** The person is gone: what waited for them is not sent, and nothing they wrote is kept. */
export class RemoverContaHandler {
  readonly #unitOfWork: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(unitOfWork: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#unitOfWork = unitOfWork;
  }

  execute({ usuarioId, em }: RemoverContaCommand): Promise<void> {
    return this.#unitOfWork.run(async ({ contatos, fila, preferencias }) => {
      await contatos.apagar(usuarioId, em);
      await preferencias.apagar(usuarioId);
      await fila.esquecer(usuarioId);
      await fila.reter(usuarioId, false);
    });
  }
}
