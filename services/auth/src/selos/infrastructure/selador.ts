import type { QueueState, Work } from '@plataforma/domain/work-queue';
import type { Logger } from '@plataforma/runtime/logger';
import type { SegredoSelado, SegredosPorSelar, SegredosSelados } from '../application/ports.ts';
import type { Selos } from './selos.ts';

type Transacao = <T>(work: (segredos: SegredosSelados) => Promise<T>) => Promise<T>;

/**
 * Seals the secrets of one kind anew under the present master key, so that the one before can be forgotten. A secret that no
 * key opens is left as it is, told once, and looked at no more: it holds up no other.
 */
export class Selador {
  readonly #selos: Selos;
  readonly #transacao: Transacao;
  readonly #logger: Pick<Logger, 'error'>;
  readonly #ilegiveis = new Set<string>();

  constructor(deps: { selos: Selos; transacao: Transacao; logger: Pick<Logger, 'error'> }) {
    this.#selos = deps.selos;
    this.#transacao = deps.transacao;
    this.#logger = deps.logger;
  }

  readonly work: Work = (limite) =>
    this.#transacao(async (segredos) => {
      const due = await segredos.porSelar(this.#quais(), limite);
      for (const segredo of due) {
        const aberto = this.#aberto(segredo);
        if (aberto === undefined) continue;
        const { id, contexto } = segredo;
        await segredos.guardar(id, this.#selos.seal(aberto, contexto), this.#selos.nome);
      }
      return due.length;
    });

  /** What operators wait for before they forget the key of before: nothing due, and none given up. */
  readonly state = async (): Promise<QueueState> => {
    const desde = await this.#transacao((segredos) => segredos.desde(this.#quais()));
    return { dueSince: desde, putOff: 0, dead: this.#ilegiveis.size };
  };

  #quais(): SegredosPorSelar {
    return { selo: this.#selos.nome, menos: [...this.#ilegiveis] };
  }

  #aberto({ id, contexto, selado, selo }: SegredoSelado): Buffer | undefined {
    try {
      return this.#selos.open(selado, contexto, selo);
    } catch (err) {
      this.#ilegiveis.add(id);
      this.#logger.error({ err, item: id }, 'a sealed secret cannot be read');
      return undefined;
    }
  }
}
