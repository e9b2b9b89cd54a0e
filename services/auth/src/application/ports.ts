import type { Result } from '@plataforma/domain/result';
import type { UsuarioNaoEncontradoError } from '../domain/errors.ts';
import type { Papel, Usuario } from '../domain/usuario.ts';

/** Where accounts are kept. */
export interface UsuariosRepository {
  /** Stores a new account and its events in one transaction, unless the e-mail or the id is taken. */
  insert(usuario: Usuario): Promise<'ok' | 'email-taken' | 'id-taken'>;
  findByEmail(email: string): Promise<Usuario | undefined>;
  findById(id: string): Promise<Usuario | undefined>;
  /** Whether any account has the role. */
  existsWithRole(papel: Papel): Promise<boolean>;
  /**
   * Changes an account and stores it with its events, unless `mudar` fails. One change at a time: `outrosAdmins`, the
   * number of other active administrators, stays true until it is stored.
   */
  change<E extends Error>(
    id: string,
    mudar: (usuario: Usuario, outrosAdmins: number) => Result<void, E>,
  ): Promise<Result<Usuario, E | UsuarioNaoEncontradoError>>;
}

/** Hashes passwords; slow on purpose. */
export interface PasswordHasher {
  hash(senha: string): Promise<string>;
  /** Takes as long for a missing hash as for a real one. */
  verify(hash: string | undefined, senha: string): Promise<boolean>;
}

/** Who a token speaks for. */
export type TokenSubject =
  | {
      readonly tipo: 'acesso';
      readonly sub: string;
      readonly papeis: readonly Papel[];
      readonly sessaoId: string;
    }
  | { readonly tipo: 'servico'; readonly sub: string; readonly audiencia: string };

/** Signs access tokens with the active key. */
export interface TokenIssuer {
  issue(subject: TokenSubject): Promise<{ token: string; expiresInSeconds: number }>;
}

/** What trading in a refresh token came to. */
export type Rotation =
  | {
      readonly kind: 'ok';
      readonly sessaoId: string;
      readonly usuarioId: string;
      readonly refreshToken: string;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reused' };

/** Sessions of people; each is a family of refresh tokens of which one is current. */
export interface Sessions {
  open(usuarioId: string): Promise<{ sessaoId: string; refreshToken: string }>;
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
