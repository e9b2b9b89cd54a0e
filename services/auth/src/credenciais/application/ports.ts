import type { Result } from '@plataforma/domain/result';
import type { Aparelho, DonoDeAparelho } from '../domain/aparelho.ts';
import type { SenhaFracaError } from '../domain/recusa.ts';

/** Decides whether a new password may be used. */
export interface PasswordPolicy {
  check(
    senha: string,
    pessoa: { readonly nome: string; readonly email: string },
  ): Result<string, SenhaFracaError>;
}

/** What is done with passwords in one turn. */
export interface Turno {
  hash(senha: string): Promise<string>;
  /** Takes as long for a missing hash as for a real one. */
  verify(hash: string | null | undefined, senha: string): Promise<boolean>;
}

/** Hashes passwords; slow on purpose, so those who ask (`quem`: their network address) take turns. */
export interface PasswordHasher {
  /** All that a call does with one password, in one turn: who has waited for it does not wait again half-way. */
  turno<T>(quem: string, work: (turno: Turno) => Promise<T>): Promise<T>;
  hash(senha: string, quem: string): Promise<string>;
  /** Takes as long for a missing hash as for a real one. */
  verify(hash: string | null | undefined, senha: string, quem: string): Promise<boolean>;
  /** Whether the hash was made in another way than new ones are. */
  outdated(hash: string): boolean;
}

/** A client tries a password, or asks for something that costs as much. */
export interface Attempt {
  /** Network address of the client. */
  readonly endereco: string;
  /** Normalised, of the account that is tried, whether there is one or not. */
  readonly email?: string;
  /** Device that the account was logged in with before, if it has proved that. */
  readonly aparelho?: string | undefined;
}

/** Devices that people have logged in with: each proves it by a token that it keeps. */
export interface Devices {
  /** @param aparelho name of the device, if it is known already. */
  issue(conta: DonoDeAparelho & { readonly email: string }, aparelho?: string): string;
  /** What the devices of an account keep of it: another one with each password. */
  dono(conta: DonoDeAparelho): Aparelho['dono'];
  /** The device whose token it is; undefined when it is none of ours, of another address, or too old. Asks nobody. */
  recognise(token: string | undefined, email: string): Aparelho | undefined;
}

/** Keeps people from guessing, and from keeping others out by guessing a lot. */
export interface Attempts {
  /** Seconds to wait before the next attempt, nothing having been counted; 0 lets this one in, as one that fails. */
  begin(attempt: Attempt): Promise<number>;
  /**
   * The attempt that was let in did not fail.
   *
   * @param titular whether it opened the account that has verified the address: then what was counted there is forgotten, and
   * the client is known. Anybody can open another account with the address, so that takes back this attempt alone.
   */
  succeeded(attempt: Attempt & { readonly email: string }, titular: boolean): Promise<void>;
}
