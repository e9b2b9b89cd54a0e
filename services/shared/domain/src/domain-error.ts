/** A fact for programs: whatever JSON can say. */
export type Fato = string | number | boolean | readonly Fato[] | { readonly [nome: string]: Fato };

/** Facts by their names. */
export type Fatos = Readonly<Record<string, Fato>>;

/**
 * An expected business failure.
 *
 * `motivo` is its stable reason on the wire; `detalhes` are facts for programs. The message is shown to people, in
 * Brazilian Portuguese, and says what to change.
 */
export abstract class DomainError extends Error {
  abstract readonly motivo: string;
  readonly detalhes: Fatos;

  constructor(message: string, detalhes: Fatos = {}) {
    super(message);
    this.name = new.target.name;
    this.detalhes = detalhes;
  }
}
