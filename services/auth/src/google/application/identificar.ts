import type { Identidade } from '../domain/identidade.ts';
import type { Dono, Emissor, RespostaDoEmissor, Tentativas } from './ports.ts';

/** What the browser has brought back. */
export interface Volta extends RespostaDoEmissor {
  readonly state: string;
  /** What the browser has that began the attempt; undefined when this one has nothing. */
  readonly navegador: string | undefined;
}

interface Deps {
  readonly emissor: Emissor;
  readonly tentativas: Tentativas;
}

/**
 * Who is at the browser, if an attempt of this owner is ended by it. The attempt is used up by an answer of the issuer, not
 * by its absence: the call may come again then.
 */
export async function identificar(
  { emissor, tentativas }: Deps,
  { navegador, state, ...resposta }: Volta,
  conta?: Dono['conta'],
): Promise<Identidade | undefined> {
  if (navegador === undefined) return undefined;
  const dono = { navegador, ...(conta && { conta }) };
  const tentativa = await tentativas.take(state, dono);
  if (!tentativa) return undefined;
  try {
    return await emissor.identify(resposta, tentativa);
  } catch (error) {
    await tentativas.putBack(tentativa, dono);
    throw error;
  }
}
