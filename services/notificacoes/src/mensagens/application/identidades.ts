import { type IdGenerator, withNewIds } from '@plataforma/domain/id';

/** Takes one identity after the other. */
export type ProximoId = () => string;

/**
 * Does `work` with new identities of messages, fetched before it: no transaction waits for the network. Where it turns out to need
 * more of them than was thought, it is done again with as many.
 *
 * @param work leaves nothing behind when it rejects
 */
export async function comIdentidades<T>(
  ids: IdGenerator,
  previstas: number,
  work: (faltam: (quantas: number) => ProximoId) => Promise<T>,
): Promise<T> {
  let quantas = previstas;
  for (;;) {
    try {
      return await withNewIds(ids, 'not', quantas, (novas) => work((precisa) => tomar(novas, precisa)));
    } catch (error) {
      if (!(error instanceof FaltamIdsError)) throw error;
      quantas = error.quantos;
    }
  }
}

function tomar(novas: readonly string[], precisa: number): ProximoId {
  if (precisa > novas.length) throw new FaltamIdsError(precisa);
  const restantes = novas[Symbol.iterator]();
  return () => restantes.next().value as string;
}

/** A piece of work leads to more messages than there are identities at hand. */
class FaltamIdsError extends Error {
  override readonly name = 'FaltamIdsError';
  readonly quantos: number;

  constructor(quantos: number) {
    super(`${quantos} identities are needed`);
    this.quantos = quantos;
  }
}
