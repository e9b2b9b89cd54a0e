import type { Clock } from '@plataforma/domain/clock';
import { type Passo, proximoPasso } from '../domain/rotacao.ts';
import type { Canario, ChavesRepository, RespostaAoCanario } from './ports.ts';

/** How far a rotation has come by this step. */
export type Andamento =
  | Extract<Passo, { tipo: 'NADA' | 'ESPERAR' }>
  | { readonly tipo: 'CRIADA'; readonly kid: string }
  | { readonly tipo: 'RECUSADA'; readonly kid: string; readonly recusas: readonly RespostaAoCanario[] }
  | { readonly tipo: 'ATIVADA'; readonly kid: string };

export interface RotateKeysCommand {
  /** Age at which the active key is replaced; beyond every age only what is under way goes on. */
  readonly vencimentoMs: number;
}

/**
 * Replaces the key that signs, one step a call: publish the next one, wait until every verifier can know it, try it where its
 * tokens will be used, let it sign. How far it is stands in the database alone, so any replica or command goes on with it.
 */
export class RotateKeysHandler {
  readonly #chaves: ChavesRepository;
  readonly #canario: Canario;
  readonly #clock: Clock;

  constructor(deps: { chaves: ChavesRepository; canario: Canario; clock: Clock }) {
    this.#chaves = deps.chaves;
    this.#canario = deps.canario;
    this.#clock = deps.clock;
  }

  async execute({ vencimentoMs }: RotateKeysCommand): Promise<Andamento> {
    const passo = proximoPasso(await this.#chaves.emUso(), this.#clock.now(), vencimentoMs);
    switch (passo.tipo) {
      case 'CRIAR':
        return { tipo: 'CRIADA', kid: (await this.#chaves.criarProxima()).kid };
      case 'EXPERIMENTAR':
        return this.#experimentar(passo.kid);
      default:
        return passo;
    }
  }

  async #experimentar(kid: string): Promise<Andamento> {
    const chave = await this.#chaves.proxima(kid);
    if (chave === undefined) return { tipo: 'NADA' };
    const recusas = (await this.#canario.experimentar(chave)).filter(({ aceito }) => !aceito);
    if (recusas.length > 0) return { tipo: 'RECUSADA', kid, recusas };
    await this.#chaves.ativar(kid);
    return { tipo: 'ATIVADA', kid };
  }
}
