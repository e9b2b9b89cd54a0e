import type { Aceita } from './marcas-de-envio.ts';

interface Espera {
  readonly aceita: Aceita;
  readonly pronta: PromiseWithResolvers<void>;
}

/**
 * Marks that come while others are being made are made together: what costs most of a mark is its transaction. When
 * several fail together each is made by itself, so that one that cannot be made holds up no other.
 */
export class MarcasJuntas {
  readonly #marcar: (aceitas: readonly Aceita[]) => Promise<void>;
  #espera: Espera[] = [];
  #andando = false;

  /** @param marcar makes all of them or none */
  constructor(marcar: (aceitas: readonly Aceita[]) => Promise<void>) {
    this.#marcar = marcar;
  }

  /** Resolves when it is made. */
  marcar(aceita: Aceita): Promise<void> {
    const pronta = Promise.withResolvers<void>();
    this.#espera.push({ aceita, pronta });
    if (!this.#andando) void this.#andar();
    return pronta.promise;
  }

  async #andar(): Promise<void> {
    this.#andando = true;
    while (this.#espera.length > 0) await this.#juntas(this.#espera.splice(0));
    this.#andando = false;
  }

  /** Never rejects: each one hears for itself. */
  async #juntas(todas: readonly Espera[]): Promise<void> {
    try {
      await this.#marcar(todas.map(({ aceita }) => aceita));
      for (const { pronta } of todas) pronta.resolve();
    } catch (causa) {
      if (todas.length === 1) todas[0]?.pronta.reject(causa);
      else for (const uma of todas) await this.#juntas([uma]);
    }
  }
}
