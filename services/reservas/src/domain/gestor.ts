import { Recusa } from './motivo.ts';

/** A person who runs a space, and who said so. */
export interface Gestor {
  readonly espacoId: string;
  readonly usuarioId: string;
  readonly atribuidoPor: string;
  readonly atribuidoEm: Date;
}

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

export class AcessoNegadoError extends Recusa {
  readonly motivo = 'ACESSO_NEGADO';
}
