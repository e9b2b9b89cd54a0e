import type { Clock } from '@plataforma/domain/clock';
import type { GestoresRepository } from './ports.ts';

export interface RemoverGestorCommand {
  readonly espacoId: string;
  readonly usuarioId: string;
}

interface Deps {
  readonly gestores: GestoresRepository;
  readonly clock: Clock;
}

/** Takes a space away from a person. */
export class RemoverGestorHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({ espacoId, usuarioId }: RemoverGestorCommand): Promise<void> {
    const { gestores, clock } = this.#deps;
    return gestores.remover(espacoId, usuarioId, clock.now());
  }
}
