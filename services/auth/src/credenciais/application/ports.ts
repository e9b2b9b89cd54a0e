/** Hashes passwords; slow on purpose, so those who ask (`quem`: their network address) take turns. */
export interface PasswordHasher {
  hash(senha: string, quem: string): Promise<string>;
  /** Takes as long for a missing hash as for a real one. */
  verify(hash: string | undefined, senha: string, quem: string): Promise<boolean>;
}

/** A client tries a password, or asks for something that costs as much. */
export interface Attempt {
  /** Network address of the client. */
  readonly endereco: string;
  /** Normalised, of the account that is tried, whether there is one or not. */
  readonly email?: string;
}

/** Keeps people from guessing, and from keeping others out by guessing a lot. */
export interface Attempts {
  /** Seconds to wait before the next attempt, nothing having been counted; 0 lets this one in, as one that fails. */
  begin(attempt: Attempt): Promise<number>;
  /** The attempt that was let in did not fail. */
  succeeded(attempt: Required<Attempt>): Promise<void>;
}
