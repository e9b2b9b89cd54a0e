/** All addresses are looked at once in a while: what others wrote, or what waited for its time, nobody is told of. */
const TODOS_MS = 900;
/** Sooner when the last time there were more than there was room for, and not at each place that becomes free. */
const TODOS_CHEIO_MS = 100;
/** Beyond so many it costs no more to look at all. */
const MAXIMO_AVISADOS = 10_000;

/**
 * Whose turn it is: addresses for which something has just become due, in the order in which it has, and now and then all of them.
 * What it costs to find who is due must not grow with how many wait.
 */
export class Vez {
  readonly #avisados = new Set<string>();
  readonly #agora: () => number;
  #todosEm = Number.NEGATIVE_INFINITY;
  #sobrou = false;

  /** @param agora milliseconds that only grow */
  constructor(agora: () => number = () => performance.now()) {
    this.#agora = agora;
  }

  /** Something may be due for these. */
  avisar(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#avisados.size < MAXIMO_AVISADOS) this.#avisados.add(id);
      else this.#sobrou = true;
    }
  }

  /** Whether somebody is to be looked at now, without waiting for the time of all. */
  get tem(): boolean {
    return this.#sobrou || this.#avisados.size > 0;
  }

  /**
   * Who is to be looked at; `TODOS` when it is time for all. Those that are named are no longer remembered.
   *
   * @param emCurso these are worked on, and keep their turn until they are not
   */
  proximos(limite: number, emCurso: ReadonlySet<string>): readonly string[] | 'TODOS' {
    const vez = this.#agora() >= this.#todosEm;
    if (vez || (this.#sobrou && this.#avisados.size === 0)) return 'TODOS';
    const quais: string[] = [];
    for (const id of this.#avisados) {
      if (quais.length === limite) break;
      if (emCurso.has(id)) continue;
      this.#avisados.delete(id);
      quais.push(id);
    }
    return quais;
  }

  /** All were looked at. @param sobrou whether there was not room for all that were due */
  olhouTodos(sobrou: boolean): void {
    this.#sobrou = sobrou;
    this.#todosEm = this.#agora() + (sobrou ? TODOS_CHEIO_MS : TODOS_MS);
  }
}
