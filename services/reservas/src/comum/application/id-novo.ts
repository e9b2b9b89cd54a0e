import type { IdGenerator } from '@plataforma/domain/id';

const TENTATIVAS = 5;

/** The identity is taken: the counter was lost and has come by here before. Ask for the next one. */
export class IdRepetidoError extends Error {
  override readonly name = 'IdRepetidoError';
}

/**
 * Does `trabalho` with a new identity, and again with the next one while the identity turns out to be taken. The
 * number is fetched before the work: no transaction waits for the network.
 */
export async function comIdNovo<T>(
  ids: IdGenerator,
  prefixo: string,
  trabalho: (id: string) => Promise<T>,
): Promise<T> {
  for (let tentativa = 1; ; tentativa += 1) {
    try {
      return await trabalho(await ids.next(prefixo));
    } catch (error) {
      if (!(error instanceof IdRepetidoError) || tentativa === TENTATIVAS) throw error;
    }
  }
}
