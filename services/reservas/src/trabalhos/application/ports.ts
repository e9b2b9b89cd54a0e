import type { TrabalhosAdiados } from '../domain/trabalhos-adiados.ts';

/** What work that may fail for one thing needs of its transaction. */
export interface Transacao {
  readonly adiados: TrabalhosAdiados;
}
