/**
 * An expected business failure.
 *
 * `motivo` is its stable reason on the wire; `detalhes` are facts for programs. The message is shown to people, in
 * Brazilian Portuguese, and says what to change.
 */
export abstract class DomainError extends Error {
  abstract readonly motivo: string;
  readonly detalhes: Readonly<Record<string, string>>;

  constructor(message: string, detalhes: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = new.target.name;
    this.detalhes = detalhes;
  }
}
