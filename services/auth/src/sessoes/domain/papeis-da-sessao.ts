import type { EstadoUsuario, Papel } from '../../contas/domain/usuario.ts';
import type { Metodo } from './metodo.ts';

/**
 * What a session may do in the name of its owner. Where administrators need a second factor, their rights are given to
 * sessions that have proved one only; in any other they are who they are beside that, so that they can set one up.
 */
export function papeisDaSessao(
  { papeis, mfaAtivo }: Pick<EstadoUsuario, 'papeis' | 'mfaAtivo'>,
  metodos: readonly Metodo[],
  adminsPrecisamDeFator: boolean,
): readonly Papel[] {
  const provado = mfaAtivo && metodos.some((metodo) => metodo === 'otp' || metodo === 'rec');
  if (provado || !adminsPrecisamDeFator || !papeis.includes('ADMIN')) return papeis;
  const outros = papeis.filter((papel) => papel !== 'ADMIN');
  return outros.length > 0 ? outros : ['CLIENTE'];
}
