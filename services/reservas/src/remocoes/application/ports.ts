/** What a person who is gone has open. */
export interface Pendencias {
  /** Reservations that have not begun and hold their slot. */
  readonly reservas: readonly string[];
  /** Places in line that wait, or have an offer. */
  readonly esperas: readonly string[];
}

/** Reads of what people have here. */
export interface ConsultaDePessoas {
  pendencias(usuarioId: string, agora: Date): Promise<Pendencias>;
}

/** Data of people who are gone. */
export interface ApagamentoRepository {
  /** Erases what is of the person alone, takes what they wrote out of the rest, and tells auth what became of it. */
  apagar(usuarioId: string, em: Date): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly apagamento: ApagamentoRepository;
}
