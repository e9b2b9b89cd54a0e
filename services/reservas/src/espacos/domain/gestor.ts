/** A person who runs a space, and who said so. */
export interface Gestor {
  readonly espacoId: string;
  readonly usuarioId: string;
  readonly atribuidoPor: string;
  readonly atribuidoEm: Date;
}
