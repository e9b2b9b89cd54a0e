import type { Clock } from '@plataforma/domain/clock';
import type { Comeco, Parada, Pronta } from './comecar-remessas.ts';
import type { NotificacaoTomada } from './ports.ts';

interface Deps<D> {
  readonly clock: Clock;
  /** So many go on to the provider at the same time. */
  readonly lote: number;
  readonly comecar: (remessas: readonly (readonly NotificacaoTomada[])[]) => Promise<Comeco<D>>;
}

/** By what was known longer ago nothing is sent: where a provider is slow, what waits is begun again. */
const FRESCA_MS = 1_000;

/**
 * Brings leased messages to the provider, in their order, a few begun at a time: the next ones while the last of those before leave,
 * so that nobody waits, and not much earlier, since readers may change their minds.
 */
export class Esteira<D> {
  readonly #deps: Deps<D>;
  readonly #leva: number;
  #espera: (readonly NotificacaoTomada[])[];
  #prontas: Array<Pronta<D> & { readonly desde: number }> = [];
  #comecando: Promise<void> | undefined;
  #erro: { readonly causa: unknown } | undefined;
  readonly #paradas: Parada[] = [];
  readonly #retidas: NotificacaoTomada[] = [];

  constructor(remessas: readonly (readonly NotificacaoTomada[])[], deps: Deps<D>) {
    this.#espera = [...remessas];
    this.#deps = deps;
    this.#leva = 2 * deps.lote;
  }

  /**
   * Undefined when nothing is left.
   *
   * @throws when what is left cannot be begun
   */
  async proxima(): Promise<Pronta<D> | undefined> {
    for (;;) {
      if (this.#erro) throw this.#erro.causa;
      this.#deixarVelhas();
      this.#adiantar();
      const pronta = this.#prontas.shift();
      if (pronta !== undefined) return pronta;
      if (this.#comecando === undefined) return undefined;
      await this.#comecando;
    }
  }

  /** It was not handed over after all. */
  voltar({ remessa }: Pronta<D>): void {
    this.#espera.unshift(remessa);
  }

  /** What became of those that were begun and are not sent, and what goes back as it was. */
  async parar(): Promise<{ paradas: readonly Parada[]; sobras: readonly NotificacaoTomada[] }> {
    await this.#comecando;
    const prontas = this.#prontas.splice(0).flatMap(({ remessa }) => remessa);
    return {
      paradas: this.#paradas,
      sobras: [...this.#retidas, ...prontas, ...this.#espera.splice(0).flat()],
    };
  }

  #deixarVelhas(): void {
    const antes = this.#deps.clock.now().getTime() - FRESCA_MS;
    const velhas = this.#prontas.filter(({ desde }) => desde < antes);
    if (velhas.length === 0) return;
    this.#prontas = this.#prontas.filter(({ desde }) => desde >= antes);
    this.#espera.unshift(...velhas.map(({ remessa }) => remessa));
  }

  #adiantar(): void {
    const basta = this.#prontas.length >= this.#deps.lote;
    if (this.#comecando !== undefined || basta || this.#espera.length === 0) return;
    this.#comecando = this.#comecar(this.#espera.splice(0, this.#leva)).finally(() => {
      this.#comecando = undefined;
    });
  }

  /** Never rejects: whoever asks for the next one hears of it. */
  async #comecar(remessas: readonly (readonly NotificacaoTomada[])[]): Promise<void> {
    try {
      const { prontas, paradas, retidas } = await this.#deps.comecar(remessas);
      const desde = this.#deps.clock.now().getTime();
      this.#prontas.push(...prontas.map((pronta) => ({ ...pronta, desde })));
      this.#paradas.push(...paradas);
      this.#retidas.push(...retidas);
    } catch (causa) {
      this.#espera.unshift(...remessas);
      this.#erro = { causa };
    }
  }
}
