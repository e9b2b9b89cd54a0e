import type { Trabalho, TrabalhosAdiados } from '../domain/trabalhos-adiados.ts';

/** What work that may fail for one thing needs of its transaction. */
export interface Transacao {
  readonly adiados: TrabalhosAdiados;
}

/** What operators want to know of the workers. */
export interface ObservadorDeTrabalhos {
  /** Work for one thing has failed, `vezes` in a row by now. */
  trabalhoAdiado(trabalho: Trabalho, itemId: string, vezes: number, causa: unknown): void;
}
