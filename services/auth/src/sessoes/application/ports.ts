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
  open(nova: NovaSessao): Promise<{ readonly session: Session; readonly refreshToken: string }>;
  /** Changes nothing, unless the token is one that was traded in before: that ends its session. */
  find(refreshToken: string): Promise<Found>;
  rotate(refreshToken: string): Promise<Rotation>;
  /** Ends the session of the token; nothing happens when there is none. */
  close(refreshToken: string): Promise<void>;
  /** Ends a session by its identity; nothing happens when it is over already. */
  end(sessaoId: string): Promise<void>;
}
