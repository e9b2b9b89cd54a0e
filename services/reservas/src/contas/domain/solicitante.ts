import { Recusa } from '../../comum/domain/recusa.ts';

/** Who asks: ADMIN for everything, a GESTOR for the spaces assigned to them, everybody for what is their own. */
export interface Leitor {
  readonly id: string;
  readonly admin: boolean;
  /** Spaces that the caller runs; left out when there are none. */
  readonly geridos?: ReadonlySet<string>;
}

/** Whether the caller acts for the space, not as one of its customers. */
export function administra({ admin, geridos }: Leitor, espacoId: string): boolean {
  return admin || geridos?.has(espacoId) === true;
}

export function podeVer(
  { clienteId, espacoId }: { readonly clienteId: string; readonly espacoId: string },
  leitor: Leitor,
): boolean {
  return clienteId === leitor.id || administra(leitor, espacoId);
}

/** Everybody's reservations: of any space for ADMIN, of one that they run for a GESTOR. */
export function veTodos(leitor: Leitor, { espacoId }: { readonly espacoId: string | undefined }): boolean {
  return espacoId === undefined ? leitor.admin : administra(leitor, espacoId);
}

export class AcessoNegadoError extends Recusa {
  readonly motivo = 'ACESSO_NEGADO';
}
