import type { Origem } from '../../contrato/domain/origem.ts';
import type { Metodo } from '../domain/metodo.ts';

/** The session that a refresh token belongs to. */
export interface Session {
  readonly sessaoId: string;
  readonly usuarioId: string;
  /** Generation of the account's sessions at which it was opened. */
  readonly geracao: number;
  /** When its owner proved who they are, and by what. */
  readonly autenticadaEm: Date;
  readonly metodos: readonly Metodo[];
}

/** A session to be opened now. */
export interface NovaSessao extends Omit<Session, 'sessaoId' | 'autenticadaEm'> {
  readonly origem: Origem;
}

/** A session that was opened. */
export interface SessaoNova {
  readonly session: Session;
  readonly refreshToken: string;
  /** Sessions of the account that there is no room for any more, those first that were used longest ago. */
  readonly excedentes: readonly string[];
}

/** A session as its owner sees it. */
export interface SessaoAberta extends Origem {
  readonly sessaoId: string;
  readonly geracao: number;
  /** By what its login was proved; none for a session from before that was kept. */
  readonly metodos: readonly Metodo[];
  readonly criadoEm: Date;
  readonly usadoEm: Date;
  /** When it ends unless it is renewed before. */
  readonly expiraEm: Date;
}

/** A login that has proved the password, or what stands for it, of an account with a second factor. */
export interface LoginPendente {
  readonly usuarioId: string;
  /** Generation of the account's sessions at that time. */
  readonly geracao: number;
  /** What is proved already. */
  readonly metodo: Metodo;
}

/** Logins that wait for the second factor. */
export interface PendingLogins {
  /** Answers the token that the login is ended with; nothing else of it is told. */
  open(login: LoginPendente): Promise<string>;
}

/** What a refresh token is worth. `reused`: it was traded in before, so the session is over. */
export type Found =
  | ({ readonly kind: 'ok' } & Session)
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reused'; readonly sessaoId: string; readonly usuarioId: string };

/** What trading in a refresh token came to. */
export type Rotation =
  | Exclude<Found, { kind: 'ok' }>
  | { readonly kind: 'ok'; readonly refreshToken: string };

/** Sessions of people; each is a family of refresh tokens of which one is current. */
export interface Sessions {
  open(nova: NovaSessao): Promise<SessaoNova>;
  /** Changes nothing, unless the token is one that was traded in before: that ends its session. */
  find(refreshToken: string): Promise<Found>;
  rotate(refreshToken: string, session: Session, origem: Origem): Promise<Rotation>;
  /** The open sessions of a person, last used first. */
  openOf(usuarioId: string): Promise<readonly SessaoAberta[]>;
  /** Whose session it is or was, within a day of its end. */
  ownerOf(sessaoId: string): Promise<string | undefined>;
  /** The session that a token of ours belongs to, current or not; undefined for any other text. */
  provenBy(refreshToken: string): Promise<string | undefined>;
  /** The session goes on at this generation of its account's sessions; nothing happens when it is over. */
  carryOver(sessaoId: string, geracao: number): Promise<void>;
  /** Ends a session by its identity; nothing happens when it is over already. */
  end(sessaoId: string): Promise<void>;
  /** Of a person who is gone: nothing is kept of their sessions. Answers how many there were. */
  forget(usuarioId: string): Promise<number>;
}

/** With what and from where accounts were entered before. */
export interface Entradas {
  /**
   * Notes a login. Whether its owner should hear of it: it is not the first one, none was like it, and they have not heard of as
   * many today as anybody reads.
   *
   * @param conhecido whether the device has proved that the account was entered with it before
   */
  estranha(usuarioId: string, origem: Origem, conhecido: boolean): Promise<boolean>;
}

/** Sessions that have ended before their time, as they are announced; each once, for ever. */
export interface EncerramentosRepository {
  /** @throws EncerramentoRepetidoError when the end of this session was announced before. */
  add(sessaoId: string, em: Date): Promise<void>;
  /** Those of them whose end was not announced yet. */
  semAnuncio(sessoes: readonly string[]): Promise<readonly string[]>;
}

/** Sessions that have ended, whatever their storage remembers of them. */
export interface ConsultaDeEncerramentos {
  /** Those of them that have. */
  terminadas(sessoes: readonly string[]): Promise<readonly string[]>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly encerramentos: EncerramentosRepository;
}

export class EncerramentoRepetidoError extends Error {
  override readonly name = 'EncerramentoRepetidoError';
}
