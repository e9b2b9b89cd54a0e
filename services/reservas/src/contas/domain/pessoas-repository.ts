/** What is known of people, within one transaction. */
export interface PessoasRepository {
  /** Whether there is an account of this identity that is not suspended. */
  existe(usuarioId: string): Promise<boolean>;
  /** Whether the person runs the space, or ADMIN everything, or has since then. */
  geriaDesde(usuarioId: string, espacoId: string, desde: Date): Promise<boolean>;
}
