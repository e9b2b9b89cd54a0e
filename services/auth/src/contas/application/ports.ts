import type { Papel, Usuario } from '../domain/usuario.ts';

/** Accounts as they are now. */
export interface ConsultaDeUsuarios {
  findById(id: string): Promise<Usuario | undefined>;
  findByEmail(email: string): Promise<Usuario | undefined>;
  /** The account that was opened with this key, name and address, not before `desde`. */
  abertaCom(cadastro: Cadastro, desde: Date): Promise<Usuario | undefined>;
  /** Whether any account has the role. */
  existeCom(papel: Papel): Promise<boolean>;
}

/** Accounts, as one transaction changes them; each is stored with its events. */
export interface UsuariosRepository extends Pick<ConsultaDeUsuarios, 'findById' | 'findByEmail'> {
  /**
   * False when the e-mail is taken.
   *
   * @param chave what {@link ConsultaDeUsuarios.abertaCom} will be asked for.
   * @throws IdRepetidoError when the id is.
   */
  add(usuario: Usuario, chave: string | undefined): Promise<boolean>;
  /** An account to be changed. One change at a time: whatever is read after it stays true until the transaction ends. */
  findToChange(id: string): Promise<Usuario | undefined>;
  /** Number of active administrators beside the account. */
  outrosAdmins(id: string): Promise<number>;
  save(usuario: Usuario): Promise<void>;
  /** The same password, hashed anew: nothing when it has changed meanwhile. */
  rehash(id: string, antes: string, depois: string): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly usuarios: UsuariosRepository;
}

/** What an account was opened with, in normal form. */
export interface Cadastro {
  readonly chave: string;
  readonly nome: string;
  readonly email: string;
}

/** Codes that prove that their bearer can read what is sent to an address. */
export interface CodigosDeEmail {
  emitir(conta: { readonly usuarioId: string; readonly email: string }, em: Date): string;
  /** The account that the code names, not to be believed before {@link confere}; undefined for any other text. */
  conta(codigo: string): string | undefined;
  /** Whether the code was made for this account and address, and has not expired. */
  confere(codigo: string, conta: { readonly usuarioId: string; readonly email: string }, em: Date): boolean;
}
