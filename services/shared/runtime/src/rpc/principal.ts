import { Code, createContextKey, type HandlerContext } from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import type { Actor } from '../trail/trail.ts';

/** Roles a token may carry. */
export type Papel = 'CLIENTE' | 'GESTOR' | 'ADMIN';

/** Anybody with an account, as against services. */
export const PESSOAS: readonly Papel[] = ['CLIENTE', 'GESTOR', 'ADMIN'];

/** Generation of an account's sessions at its sign-up; what names none is older than generations are. */
export const FIRST_GENERATION = 1;

/** Who is calling, taken from a verified token. */
export interface Principal {
  /** Subject of the token: a user id, or the name of a service. */
  readonly id: string;
  readonly tipo: 'USUARIO' | 'SERVICO';
  readonly papeis: readonly Papel[];
  readonly nome?: string;
  readonly email?: string;
  readonly sessaoId?: string;
  /**
   * Of a program that acts by an API key of the user: what the key may be let in for (see `escopos.ts`); `sessaoId` names the key.
   * Left out: the user themself.
   */
  readonly escopos?: readonly string[];
  /** Which generation of the account's sessions the token belongs to: it is over once the account is at a later one. */
  readonly geracao: number;
  /** When the token was issued. */
  readonly emitidoEm: Date;
  /** When and how its owner has proved who they are (`auth_time`, `amr`); of tokens of people that say so. */
  readonly autenticadoEm?: Date;
  readonly metodos?: readonly string[];
  /** The token itself, to be forwarded when acting for this caller. Never log it. */
  readonly token: string;
}

/** Set by the access interceptor; stays undefined on public methods, whatever token was sent. */
export const principalKey = createContextKey<Principal | undefined>(undefined, { description: 'principal' });

/** The verified caller. Throws UNAUTHENTICATED / `NAO_AUTENTICADO` on a method that is open to everyone. */
export function principalOf(context: Pick<HandlerContext, 'values'>): Principal {
  const principal = context.values.get(principalKey);
  if (principal === undefined) throw notAuthenticated();
  return principal;
}

/** The caller as events name who began something: of a program the account in whose name its key acts. */
export function actorOf({ tipo, id, escopos }: Principal): Actor {
  if (tipo === 'SERVICO') return { type: 'service_account', id };
  return { type: escopos === undefined ? 'app_user' : 'api_key', id };
}

/** The error for a call that needs a token and brought none. */
export function notAuthenticated() {
  return rpcError(Code.Unauthenticated, 'NAO_AUTENTICADO', 'É preciso estar autenticado para esta operação.');
}
