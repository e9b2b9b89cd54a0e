import type { EstadoUsuario, Papel } from '../../contas/domain/usuario.ts';
import type { Metodo } from './metodo.ts';

/** A passkey is the second factor after another one, or is two by itself. */
const PROVAM: ReadonlySet<Metodo> = new Set(['otp', 'rec', 'pop']);

/**
 * What a session may do in the name of its owner. Where administrators need a second factor, their rights are given to
 * sessions that have proved one only; in any other they are who they are beside that, so that they can set one up.
 */
export function papeisDaSessao(
  { papeis, mfaAtivo }: Pick<EstadoUsuario, 'papeis' | 'mfaAtivo'>,
  metodos: readonly Metodo[],
  adminsPrecisamDeFator: boolean,
): readonly Papel[] {
  const provado = mfaAtivo && metodos.some((metodo) => PROVAM.has(metodo));
  if (provado || !adminsPrecisamDeFator || !papeis.includes('ADMIN')) return papeis;
  const outros = papeis.filter((papel) => papel !== 'ADMIN');
  return outros.length > 0 ? outros : ['CLIENTE'];
}
