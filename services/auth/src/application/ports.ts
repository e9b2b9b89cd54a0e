import type { Result } from '@plataforma/domain/result';
import type { UsuarioNaoEncontradoError } from '../domain/errors.ts';
import type { Papel, Usuario } from '../domain/usuario.ts';

/** Where accounts are kept. */
export interface UsuariosRepository {
  /**
   * Stores a new account and its events in one transaction, unless the e-mail or the id is taken.
   *
   * @param chave what {@link openedBy} will be asked for.
   */
  insert(usuario: Usuario, chave: string | undefined): Promise<'ok' | 'email-taken' | 'id-taken'>;
  /** The account that was opened with this key, name and address, not before `desde`. */
  openedBy(cadastro: Cadastro, desde: Date): Promise<Usuario | undefined>;
  findByEmail(email: string): Promise<Usuario | undefined>;
  findById(id: string): Promise<Usuario | undefined>;
  /** Whether any account has the role. */
  existsWithRole(papel: Papel): Promise<boolean>;
  /**
   * Changes an account and stores it with its events, unless `mudar` fails. One change at a time: what `mudar` learns
   * stays true until it is stored.
   *
   * @param autorId who asks for the change; undefined when nobody with an account does.
   */
  change<E extends Error>(
    id: string,
    autorId: string | undefined,
    mudar: (usuario: Usuario, situacao: SituacaoDasContas) => Result<void, E>,
  ): Promise<Result<Usuario, E | UsuarioNaoEncontradoError>>;
}

/** What an account was opened with, in normal form. */
export interface Cadastro {
  readonly chave: string;
  readonly nome: string;
  readonly email: string;
}

/** What a change of an account may depend on. */
export interface SituacaoDasContas {
  /** Number of active administrators beside the account. */
  readonly outrosAdmins: number;
  /** Who asks for the change, as their account is now; undefined when they have none any more. */
  readonly autor: Usuario | undefined;
}

/** Hashes passwords; slow on purpose, so those who ask (`quem`: their network address) take turns. */
export interface PasswordHasher {
  hash(senha: string, quem: string): Promise<string>;
  /** Takes as long for a missing hash as for a real one. */
  verify(hash: string | undefined, senha: string, quem: string): Promise<boolean>;
}

/** Somebody tries a password, or asks for something that costs as much. */
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

/** Who a token speaks for. */
export type TokenSubject =
  | {
      readonly tipo: 'acesso';
      readonly sub: string;
      readonly papeis: readonly Papel[];
      readonly sessaoId: string;
      readonly geracao: number;
    }
  | { readonly tipo: 'servico'; readonly sub: string; readonly audiencia: string };

/** Signs access tokens with the active key. */
export interface TokenIssuer {
  issue(subject: TokenSubject): Promise<{ token: string; expiresInSeconds: number }>;
}

/** The session that a refresh token belongs to. */
export interface Session {
  readonly sessaoId: string;
  readonly usuarioId: string;
  /** Generation of the account's sessions at which it was opened. */
  readonly geracao: number;
}

/** What a refresh token is worth. `reused`: it was traded in before, so the session is over. */
export type Found =
  | ({ readonly kind: 'ok' } & Session)
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reused' };

/** What trading in a refresh token came to. */
export type Rotation =
  | Exclude<Found, { kind: 'ok' }>
  | { readonly kind: 'ok'; readonly refreshToken: string };

/** Sessions of people; each is a family of refresh tokens of which one is current. */
export interface Sessions {
  open(usuarioId: string, geracao: number): Promise<{ sessaoId: string; refreshToken: string }>;
  /** Changes nothing, unless the token is one that was traded in before: that ends its session. */
  find(refreshToken: string): Promise<Found>;
  rotate(refreshToken: string): Promise<Rotation>;
  /** Ends the session of the token; nothing happens when there is none. */
  close(refreshToken: string): Promise<void>;
  /** Ends a session by its identity; nothing happens when it is over already. */
  end(sessaoId: string): Promise<void>;
}

/** Services that may ask for tokens of their own. */
export interface ServiceClients {
  /** The audiences open to the service, or undefined when name and secret do not fit. */
  authenticate(servico: string, segredo: string): readonly string[] | undefined;
}

/** Codes that prove that whoever has one can read what is sent to an address. */
export interface CodigosDeEmail {
  emitir(conta: { readonly usuarioId: string; readonly email: string }, em: Date): string;
  /** The account that the code names, not to be believed before {@link confere}; undefined for any other text. */
  conta(codigo: string): string | undefined;
  /** Whether the code was made for this account and address, and has not expired. */
  confere(codigo: string, conta: { readonly usuarioId: string; readonly email: string }, em: Date): boolean;
}
