import { principalOf } from '@plataforma/runtime/principal';
import type { ChamadaAutenticada } from '@plataforma/runtime/rpc';
import { toRpcError } from '../../comum/presentation/errors.ts';
import { AcessoNegadoError, administra, type Solicitante } from '../domain/solicitante.ts';

/** Which spaces a person runs. */
interface Gestoes {
  espacosDe(usuarioId: string): Promise<ReadonlySet<string>>;
}

/** The caller as the application sees them. */
export type SolicitanteDe = (chamada: ChamadaAutenticada) => Promise<Solicitante>;

/** A caller without the role GESTOR runs nothing, whatever was assigned to them. */
export function createSolicitanteDe(gestores: Gestoes): SolicitanteDe {
  return async (chamada) => {
    const solicitante = semGestao(chamada);
    if (solicitante.admin || !principalOf(chamada).papeis.includes('GESTOR')) return solicitante;
    return { ...solicitante, geridos: await gestores.espacosDe(solicitante.id) };
  };
}

/** The caller where a GESTOR is a customer like any other: in series and in the waitlist. */
export function semGestao(chamada: ChamadaAutenticada): Solicitante {
  const { id, papeis } = principalOf(chamada);
  return { id, admin: papeis.includes('ADMIN') };
}

/** @throws ConnectError `ACESSO_NEGADO` for a space that the caller does not run. */
export function exigirGestao(solicitante: Solicitante, espacoId: string): void {
  if (!administra(solicitante, espacoId))
    throw toRpcError(new AcessoNegadoError('Só a administração ou quem gere este espaço pode fazer isso.'));
}
