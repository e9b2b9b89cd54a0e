import type { Result } from '@plataforma/domain/result';
import type { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
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

/** Codes that prove that whoever has one can read what is sent to an address. */
export interface CodigosDeEmail {
  emitir(conta: { readonly usuarioId: string; readonly email: string }, em: Date): string;
  /** The account that the code names, not to be believed before {@link confere}; undefined for any other text. */
  conta(codigo: string): string | undefined;
  /** Whether the code was made for this account and address, and has not expired. */
  confere(codigo: string, conta: { readonly usuarioId: string; readonly email: string }, em: Date): boolean;
}
