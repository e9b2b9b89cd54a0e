import type { Posicao } from '@plataforma/domain/page-token';
import type { Papel, Usuario } from '../domain/usuario.ts';

/** Accounts as they are now. */
export interface ConsultaDeUsuarios {
  findById(id: string): Promise<Usuario | undefined>;
  /** Undefined also when that session of it was ended: what is told here outlives a Redis that comes back older. */
  findInSession(id: string, sessaoId: string): Promise<Usuario | undefined>;
  /** The account that has verified the address; without one, the account that can be entered with it. */
  findByEmail(email: string): Promise<Usuario | undefined>;
  /** The accounts that can be entered with the address: first the one that has verified it. */
  comEmail(email: string): Promise<ContasDoEmail>;
  /** The last account that was opened with this key, name and address, not before `desde`. */
  abertaCom(cadastro: Cadastro, desde: Date): Promise<Usuario | undefined>;
  /** Whether any account has the role. */
  existeCom(papel: Papel): Promise<boolean>;
}

/** Which accounts a list has; what is left out lets all through. */
export interface FiltroDeUsuarios {
  /** How the address or the name begins; not empty. */
  readonly busca?: string | undefined;
  readonly papel?: Papel | undefined;
  readonly ativo?: boolean | undefined;
  readonly emailVerificado?: boolean | undefined;
}

/** A part of the list, as far as it was looked at. */
export interface Trecho {
  readonly itens: readonly Usuario[];
  /** Where to look on; undefined at the end of the list. */
  readonly proxima: Posicao | undefined;
}

/**
 * All accounts, newest first; with a search in its order: by address and then by name. Never looks at more than a bounded
 * number of accounts, so a part can have fewer than asked for and yet go on.
 */
export interface ListaDeUsuarios {
  listar(filtro: FiltroDeUsuarios, depoisDe: Posicao | undefined, maximo: number): Promise<Trecho>;
  /**
   * Whether a position is one of this list: of a search, when it still finds the account there. One that has another name or
   * address by now and is found all the same may have moved: accounts in between are passed over, or seen again.
   */
  conhece(posicao: Posicao, filtro: FiltroDeUsuarios): Promise<boolean>;
}

/** Accounts of an address. */
export interface ContasDoEmail {
  /** Has verified it; there is one at most. */
  readonly titular: Usuario | undefined;
  /** Has not, and can be entered; there is one at most. */
  readonly provisoria: Usuario | undefined;
}

/** An account that has left an address and may come back to it: meanwhile the address counts as verified by it. */
export interface Volta {
  readonly usuarioId: string;
  readonly ate: Date;
}

/** Thrown by what stores an account with a verified address that belongs to another one. */
export class EmailDeOutraContaError extends Error {
  override readonly name = 'EmailDeOutraContaError';
}

/** Accounts, as one transaction changes them; each is stored with its events. */
export interface UsuariosRepository
  extends Pick<ConsultaDeUsuarios, 'findById' | 'findByEmail' | 'abertaCom'> {
  /**
   * @param chave what {@link ConsultaDeUsuarios.abertaCom} will be asked for.
   * @throws IdRepetidoError when the id is taken.
   * @throws EmailDeOutraContaError
   */
  add(usuario: Usuario, chave?: string): Promise<void>;
  /** The accounts of an address, to open another one: one sign-up with an address at a time. */
  comEmailParaAbrir(email: string): Promise<ContasDoEmail>;
  /** The account that may come back to the address then; there is one at most. */
  voltaPara(email: string, em: Date): Promise<Volta | undefined>;
  /** Whether its owner is to hear that somebody signed up with the address: not when they have since `desde`. */
  marcarCadastroRepetido(id: string, em: Date, desde: Date): Promise<boolean>;
  /** An account to be changed. One change at a time: whatever is read after it stays true until the transaction ends. */
  findToChange(id: string): Promise<Usuario | undefined>;
  /**
   * An account to be changed by its owner, in what no other account depends on: the changes of all others go on meanwhile.
   */
  findOwnToChange(id: string): Promise<Usuario | undefined>;
  /** Number of active administrators beside the account. */
  outrosAdmins(id: string): Promise<number>;
  /** @throws EmailDeOutraContaError */
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
