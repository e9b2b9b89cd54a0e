import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { HistoricoDeNotificacoes, Retirada } from '../../mensagens/application/ports.ts';
import { anotarRetirada } from '../../mensagens/application/registro.ts';

/** The messages of channels that nothing is sent by. */
export interface MensagensDesligadas {
  /** Takes back those that are no news any more and that nobody has in hand, at most so many. */
  retirar(canais: readonly Canal[], agora: Date, limite: number): Promise<Retirada[]>;
}

interface Deps {
  readonly clock: Clock;
  /** Those that are not configured. */
  readonly canais: readonly Canal[];
  readonly uow: Pick<
    UnitOfWork<{ readonly desligadas: MensagensDesligadas; readonly historico: HistoricoDeNotificacoes }>,
    'run'
  >;
}

/**
 * Ends what waits for a channel that is switched off, once it is no news any more: nobody else looks at it. Until then it goes by who
 * switches the channel on again, or by another copy of the service, which has it on already.
 */
export class EncerrarDesligadasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers how many it has ended. */
  execute(limite: number): Promise<number> {
    const { clock, canais, uow } = this.#deps;
    const agora = clock.now();
    return uow.run(async (tx) => {
      const retiradas = await tx.desligadas.retirar(canais, agora, limite);
      for (const retirada of retiradas) await anotarRetirada(tx, retirada, 'channel switched off', agora);
      return retiradas.length;
    });
  }
}
