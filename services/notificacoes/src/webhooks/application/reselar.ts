import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { QueueState, Work } from '@plataforma/domain/work-queue';
import type { Chaves, ChavesSeladas, SeladoPor, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly chaves: Pick<Chaves, 'selo' | 'reselar'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  /** A key that none of `WEBHOOK_KEYS` opens: somebody has to bring back the one that does. */
  readonly ilegivel: (webhookId: string, causa: unknown) => void;
}

/**
 * Seals the keys that sign anew under the first of `WEBHOOK_KEYS`, so that the others can be taken out, and forgets those
 * that sign no more. One that no key opens is left as it is, told once, and looked at no more: it holds up no other.
 */
export class ReselarHandler {
  readonly #deps: Deps;
  readonly #ilegiveis = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  readonly work: Work = (limite) => {
    const { clock, chaves, uow } = this.#deps;
    return uow.run(async ({ webhooks }) => {
      await webhooks.esquecerAnteriores(clock.now());
      const quais = await webhooks.porSelar(chaves.selo, [...this.#ilegiveis], limite);
      for (const webhook of quais) {
        const seladas = this.#reseladas(webhook);
        if (seladas) await webhooks.guardarSeladas(webhook.id, seladas, chaves.selo);
      }
      return quais.length;
    });
  };

  /** What operators wait for before they take a key out: nothing due, and none given up. */
  readonly state = async (): Promise<QueueState> => {
    const { chaves, uow } = this.#deps;
    const menos = [...this.#ilegiveis];
    const desde = await uow.run(({ webhooks }) => webhooks.porSelarDesde(chaves.selo, menos));
    return { dueSince: desde, putOff: 0, dead: this.#ilegiveis.size };
  };

  #reseladas({ id, chave, chaveAnterior }: SeladoPor): Omit<ChavesSeladas, 'chaveAnteriorAte'> | undefined {
    const { chaves, ilegivel } = this.#deps;
    try {
      return {
        chave: chaves.reselar(chave, id),
        chaveAnterior: chaveAnterior && chaves.reselar(chaveAnterior, id),
      };
    } catch (causa) {
      this.#ilegiveis.add(id);
      ilegivel(id, causa);
      return undefined;
    }
  }
}
