import { Code } from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import type { Principal } from '../rpc/principal.ts';
import { MAX_TOKEN_SECONDS, type TokenVerifier } from './jwt.ts';

/** Later no token of an ended session is alive, however late its end was heard of. Twice over, as clocks differ. */
export const KEPT_MS = 2 * MAX_TOKEN_SECONDS * 1_000;
/** Beyond every generation that an account can reach: what ends all of its sessions for ever. */
export const ALL_GENERATIONS = 2 ** 31 - 1;

/** About 15 MB each of accounts and of sessions. */
const MAX_ENTRIES = 100_000;
/** A token may be signed a little after the end of its session, by a call that had begun before it. */
const LATE_MS = 15_000;

interface Account {
  readonly geracao: number;
  readonly em: number;
}

/**
 * Whose tokens are void before they expire, as far as this process has heard: sessions that have ended, and accounts
 * whose sessions of earlier generations have. In memory, since it is asked for each call.
 *
 * When there is no room the oldest end is forgotten, and every token from before it is refused: its owner gets another one
 * for the refresh token, which asks auth. So a flood of ends costs refreshes, and lets no ended session in.
 */
export class EndedSessions {
  readonly #accounts = new Map<string, Account>();
  readonly #sessions = new Map<string, number>();
  readonly #maxEntries: number;
  #refusedUntil = Number.NEGATIVE_INFINITY;

  constructor({ maxEntries = MAX_ENTRIES }: { maxEntries?: number } = {}) {
    this.#maxEntries = maxEntries;
  }

  /** Sessions of the account that were opened before this generation are over. News may come twice or out of order. */
  noteAccount(usuarioId: string, geracao: number, em: Date): void {
    const known = this.#accounts.get(usuarioId);
    const account = {
      geracao: Math.max(geracao, known?.geracao ?? 0),
      em: Math.max(em.getTime(), known?.em ?? 0),
    };
    this.#put(this.#accounts, usuarioId, account);
  }

  /** This one session is over. */
  noteSession(sessaoId: string, em: Date): void {
    this.#put(this.#sessions, sessaoId, em.getTime());
  }

  /** Whether the token of this caller is void. Services have no sessions. */
  has({
    tipo,
    id,
    geracao,
    sessaoId,
    emitidoEm,
  }: Pick<Principal, 'tipo' | 'id' | 'geracao' | 'sessaoId' | 'emitidoEm'>): boolean {
    if (tipo === 'SERVICO') return false;
    const account = this.#accounts.get(id);
    if (account !== undefined && geracao < account.geracao) return true;
    if (sessaoId !== undefined && this.#sessions.has(sessaoId)) return true;
    return emitidoEm.getTime() <= this.#refusedUntil;
  }

  /** Forgets ends whose tokens have expired. @param now milliseconds since the epoch */
  forget(now: number): void {
    const oldest = now - KEPT_MS;
    for (const [id, { em }] of this.#accounts) if (em < oldest) this.#accounts.delete(id);
    for (const [id, em] of this.#sessions) if (em < oldest) this.#sessions.delete(id);
  }

  /** Number of ends that are remembered. */
  get size(): number {
    return this.#accounts.size + this.#sessions.size;
  }

  #put<V extends number | Account>(entries: Map<string, V>, id: string, value: V): void {
    // A Map iterates in the order of insertion: what was heard last is dropped last.
    entries.delete(id);
    entries.set(id, value);
    if (entries.size <= this.#maxEntries) return;
    for (const [oldest, dropped] of entries) {
      entries.delete(oldest);
      const em = typeof dropped === 'number' ? dropped : dropped.em;
      this.#refusedUntil = Math.max(this.#refusedUntil, em + LATE_MS);
      return;
    }
  }
}

/** Takes what the other verifier takes, except for tokens of sessions that have ended. */
export function refusingEnded(verifier: TokenVerifier, ended: Pick<EndedSessions, 'has'>): TokenVerifier {
  return {
    async verify(token) {
      const principal = await verifier.verify(token);
      if (ended.has(principal)) throw sessionEnded();
      return principal;
    },
  };
}

/** UNAUTHENTICATED / `TOKEN_INVALIDO`: the caller has to log in again. */
export function sessionEnded() {
  return rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', 'Sua sessão terminou. Entre novamente.');
}
