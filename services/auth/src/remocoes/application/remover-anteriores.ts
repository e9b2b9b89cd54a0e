import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly protocolos: Protocolos;
  readonly clock: Clock;
}

/** They are removed in consequence of a call that has its own record. */
const ORIGEM = { endereco: '', dispositivo: '' };

/**
 * Removes the earlier sign-ups of people who have left, which nobody can enter and nobody else would erase. Each in a transaction
 * of its own: strangers can make as many with an address as they like, and the call that leaves must not wait for them.
 */
export class RemoverAnterioresHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** At most so many; how many there were. */
  async execute(limit: number): Promise<number> {
    for (let done = 0; done < limit; done++) if (!(await this.#one())) return done;
    return limit;
  }

  #one(): Promise<boolean> {
    const { uow, protocolos, clock } = this.#deps;
    return uow.run(async (tx) => {
      const anterior = await tx.remocoes.proximaQueSai();
      if (!anterior) return false;
      const { usuarioId, com: autorId, por } = anterior;
      // Another replica may have been faster.
      const usuario = await tx.usuarios.findToChange(usuarioId);
      const pedido = { autorId, por, protocolo: protocolos.novo(), origem: ORIGEM, em: clock.now() };
      if (usuario) await remover(tx, usuario, pedido);
      return true;
    });
  }
}
