import { type ChaveDePessoa, ChaveIlegivelError, type ChavesParaSelar } from './ports.ts';

interface Deps {
  readonly chaves: ChavesParaSelar;
  /** When this process began, by the clock of the database and in its words. */
  readonly inicio: string;
  /** Hears of each person whose key was replaced: what was sealed with it cannot be read any more. */
  readonly perdeu: (usuarioId: string, por: ChaveIlegivelError) => void;
}

/**
 * The key under which an event about somebody leaves. One that cannot be opened is replaced: what was said under it is lost
 * either way, and what is to be said must not wait for a master key that may never come back. Not so a key that was sealed since
 * this process began: then somebody has that master key, and this process is the one that lacks it.
 */
export class ChaveParaSelar {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws ChaveIlegivelError */
  async de(usuarioId: string): Promise<ChaveDePessoa> {
    const { chaves, inicio, perdeu } = this.#deps;
    try {
      return await chaves.chaveDe(usuarioId);
    } catch (error) {
      if (!(error instanceof ChaveIlegivelError)) throw error;
      if (await chaves.substituirIlegivel(usuarioId, inicio)) perdeu(usuarioId, error);
      // Another process may have been first: its key is everybody's.
      return chaves.chaveDe(usuarioId);
    }
  }
}
