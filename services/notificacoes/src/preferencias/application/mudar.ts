import { type Autor, mudancas } from '../domain/mudanca.ts';
import { PREFERENCIAS_INICIAIS, type Preferencias } from '../domain/preferencias.ts';
import type { Transacao } from './ports.ts';

interface Fato {
  readonly por: Autor;
  readonly em: Date;
}

/**
 * Changes the preferences of a person and notes what is another one by it. They are locked before they are read, so that
 * two who write at the same time do not undo each other.
 */
export async function mudar<T>(
  { preferencias }: Transacao,
  clienteId: string,
  fato: Fato,
  mudanca: (antes: Preferencias) => { readonly depois?: Preferencias; readonly resposta: T },
): Promise<T> {
  const guardadas = await preferencias.abrir(clienteId);
  const antes = guardadas ?? PREFERENCIAS_INICIAIS;
  const { depois, resposta } = mudanca(antes);
  if (depois === undefined) return resposta;
  const outras = mudancas(antes, depois);
  if (outras.length === 0 && guardadas !== undefined) return resposta;
  await preferencias.save(clienteId, depois, fato.em);
  await preferencias.anotar(clienteId, outras, fato);
  if (outras.some(({ campo }) => campo === 'silencio')) await preferencias.acordar(clienteId, fato.em);
  return resposta;
}
