import { Recusa } from '../../comum/domain/recusa.ts';

/** Who asks: ADMIN for everything, a GESTOR for the spaces assigned to them, everybody for what is their own. */
export interface Solicitante {
  readonly id: string;
  readonly admin: boolean;
  /** Spaces that the caller runs; left out when there are none. */
  readonly geridos?: ReadonlySet<string>;
}

/** Whether the caller acts for the space, not as one of its customers. */
export function administra({ admin, geridos }: Solicitante, espacoId: string): boolean {
  return admin || geridos?.has(espacoId) === true;
}

/** Something that a customer has of a space: a reservation, a series, a place in line. */
interface DeCliente {
  readonly clienteId: string;
  readonly espacoId: string;
}

/** Whether the caller may read it; to others it is as unknown as what does not exist. */
export function podeVer({ clienteId, espacoId }: DeCliente, solicitante: Solicitante): boolean {
  return clienteId === solicitante.id || administra(solicitante, espacoId);
}

/** Whether the caller may cancel it, or leave the line; what that gives back, and whether it is too late, is the policy's. */
export function podeCancelar(oque: DeCliente, solicitante: Solicitante): boolean {
  return podeVer(oque, solicitante);
}

/** Whether the caller may list what is everybody's: of any space as ADMIN, of one that they run as GESTOR. */
export function podeListarTodos(
  solicitante: Solicitante,
  { espacoId }: { readonly espacoId: string | undefined },
): boolean {
  return espacoId === undefined ? solicitante.admin : administra(solicitante, espacoId);
}

export class AcessoNegadoError extends Recusa {
  readonly motivo = 'ACESSO_NEGADO';
}
