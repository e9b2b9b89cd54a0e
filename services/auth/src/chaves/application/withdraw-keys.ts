import type { Canario, ChavesRepository, RespostaAoCanario, SigningKey } from './ports.ts';

/** What the addresses of the canary said to a token of the withdrawn key, and to one of the new key. */
export interface Recolhimento {
  readonly velha: readonly RespostaAoCanario[];
  readonly nova: readonly RespostaAoCanario[];
}

/**
 * Takes every key back at once, for when one was stolen: whoever read one could read them all. Sessions go on, since refresh
 * tokens are signed by none of them; everybody's next call is refused and refreshes.
 */
export class WithdrawKeysHandler {
  readonly #chaves: ChavesRepository;
  readonly #canario: Canario;

  constructor(deps: { chaves: ChavesRepository; canario: Canario }) {
    this.#chaves = deps.chaves;
    this.#canario = deps.canario;
  }

  /** Answers how far it is known by now: to be asked until no address takes the old key and each takes the new one. */
  async execute(): Promise<() => Promise<Recolhimento>> {
    const velha = await this.#chaves.ativa();
    await this.#chaves.recolherTodas();
    return () => this.#conferir(velha);
  }

  async #conferir(velha: SigningKey): Promise<Recolhimento> {
    const nova = await this.#chaves.ativa();
    const [daVelha, daNova] = await Promise.all([
      this.#canario.experimentar(velha),
      this.#canario.experimentar(nova),
    ]);
    return { velha: daVelha, nova: daNova };
  }
}
