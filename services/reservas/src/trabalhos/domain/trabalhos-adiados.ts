/** What is done for one thing at a time by a worker, and may fail for one of them. */
export type Trabalho = 'ESPERA' | 'RESPOSTA' | 'DEVOLUCAO' | 'TERMINO' | 'FIM_DA_ESPERA' | 'OFERTA';

/** From so many failures in a row on, an offer is made to the next in line instead. */
export const FALHAS_ATE_PASSAR = 3;

/**
 * Things for which work has failed, within one transaction: they are left alone for a while, longer each time, so that
 * they keep nothing else waiting. It is never given up: a slot may hang on it.
 */
export interface TrabalhosAdiados {
  /** @returns how often it has failed in a row */
  adiar(trabalho: Trabalho, itemId: string, erro: unknown, agora: Date): Promise<number>;
  /** The work is done, or there is none any more. */
  concluir(trabalho: Trabalho, itemIds: readonly string[]): Promise<void>;
}
