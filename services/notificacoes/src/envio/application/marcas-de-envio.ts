import type { Clock } from '@plataforma/domain/clock';
import type { Recibo } from '../../canais/application/carteiro.ts';
import type { NotificacaoTomada, Observador } from './ports.ts';

/** A message that the provider has and our database does not know of yet. */
export interface Aceita {
  readonly tomada: NotificacaoTomada;
  readonly destino: string;
  readonly em: Date;
  readonly recibo: Recibo;
}

interface Deps {
  readonly clock: Clock;
  readonly observador: Pick<Observador, 'semMarca'>;
  /** Notes in the database that the message is sent. */
  readonly marcar: (aceita: Aceita) => Promise<void>;
}

interface Pendente {
  readonly aceita: Aceita;
  readonly falhas: number;
  readonly tentarEm: Date;
}

/** With so many messages that cannot be marked nothing else is sent: it is not about one of them. */
const MAXIMO = 20;
const ESPERA_MAXIMA_MS = 60_000;

/**
 * Sees to it that what is sent is marked, and is not sent again before. A mark that fails is made again, later each time,
 * while other messages go on. What is pending here is lost with the process: then its lease ends, and it is sent again.
 */
export class MarcasDeEnvio {
  readonly #deps: Deps;
  readonly #pendentes = new Map<string, Pendente>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whether this message is sent already, whatever the database says. */
  tem(id: string): boolean {
    return this.#pendentes.has(id);
  }

  /** Whether nothing else may be sent. */
  get cheia(): boolean {
    return this.#pendentes.size >= MAXIMO;
  }

  async marcar(aceita: Aceita): Promise<void> {
    const { clock, observador, marcar } = this.#deps;
    const { id } = aceita.tomada;
    try {
      await marcar(aceita);
      this.#pendentes.delete(id);
    } catch (causa) {
      const falhas = (this.#pendentes.get(id)?.falhas ?? 0) + 1;
      const espera = Math.min(500 * 2 ** falhas, ESPERA_MAXIMA_MS);
      this.#pendentes.set(id, { aceita, falhas, tentarEm: new Date(clock.now().getTime() + espera) });
      observador.semMarca(aceita.tomada, falhas, causa);
    }
  }

  /** @throws when too many cannot be marked for anything to be taken */
  async tentarDeNovo(): Promise<void> {
    const agora = this.#deps.clock.now();
    const vencidas = [...this.#pendentes.values()].filter(({ tentarEm }) => tentarEm <= agora);
    for (const { aceita } of vencidas) await this.marcar(aceita);
    if (this.cheia) throw new Error(`${this.#pendentes.size} messages are sent and cannot be marked`);
  }
}
