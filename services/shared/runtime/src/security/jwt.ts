/*
 * Room `security`: who a caller is, and what can be taken from outside only with a proof.
 *
 * Tokens are verified in each service, whatever Kong has checked (this file, `bearer.ts`), by the keys that auth publishes
 * (`published-keys.ts`), and are void once auth has told that their session is over: that is kept in the database of the service
 * (`ended-sessions-table.ts`) and, for each call, in the memory of each of its processes (`ended-sessions.ts`,
 * `ended-sessions-copy.ts`). The address of a client counts proxies that are trusted only
 * (`client-address.ts`). Page tokens are sealed for one list, filter and caller (`page-tokens.ts`). A service that acts for
 * itself asks auth for a token of its own (`service-token.ts`). Each purpose has its own key.
 * Tokens and keys are never logged. Whether a caller owns a thing is not decided here, but by the handler that reads it.
 */

import { Code } from '@connectrpc/connect';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { rpcError } from '../errors/errors.ts';
import { FIRST_GENERATION, type Papel, type Principal } from '../rpc/principal.ts';
import { PublishedKeys } from './published-keys.ts';
import { TokenCache } from './token-cache.ts';

/** The clocks of two hosts may differ by this much. */
const CLOCK_TOLERANCE_S = 5;

/** The longest life of a token that auth issues, in seconds. What claims to live longer was not issued by it. */
export const MAX_TOKEN_SECONDS = 600;

const PAPEIS: ReadonlySet<unknown> = new Set<Papel>(['CLIENTE', 'GESTOR', 'ADMIN']);

/** Of people in their sessions, of programs by an API key of theirs, and of services. A verifier that does not know one refuses it. */
const TIPOS: ReadonlySet<unknown> = new Set(['acesso', 'chave', 'servico']);

/** Checks access tokens. */
export interface TokenVerifier {
  /**
   * The caller that a token (without `Bearer`) stands for. Rejects with UNAUTHENTICATED / `TOKEN_INVALIDO`, or
   * with UNAVAILABLE when the keys cannot be had.
   */
  verify(token: string): Promise<Principal>;
}

/**
 * Verifies access tokens (RFC 9068: RS256, `typ` at+jwt) against the keys published at `jwksUrl`. Keys are known for
 * five seconds; while the publisher is unreachable the last known ones go on being used. A token that was accepted is not
 * checked again for a minute, unless a key was withdrawn meanwhile. Whoever had a key for a moment could otherwise make a
 * token for years: what lives longer than auth lets its tokens live is refused.
 */
export function createTokenVerifier(options: {
  jwksUrl: string | URL;
  issuer: string;
  /** What this service answers to in `aud`: one of these is enough. */
  audience: string | readonly string[];
}): TokenVerifier {
  // What is being verified while a key is withdrawn ends up in a cache that is not asked any more.
  let accepted = new TokenCache();
  const keys = new PublishedKeys(new URL(options.jwksUrl), () => {
    accepted = new TokenCache();
  });
  const checks = {
    algorithms: ['RS256'],
    typ: 'at+jwt',
    issuer: options.issuer,
    audience: [options.audience].flat(),
    clockTolerance: CLOCK_TOLERANCE_S,
    // Needs `iat`, and that it is not in the future.
    maxTokenAge: MAX_TOKEN_SECONDS,
  };
  return {
    async verify(token) {
      const reading = keys.freshen();
      if (reading) await reading;
      const verified = accepted;
      const now = Date.now();
      const known = verified.get(token, now);
      if (known) return known;
      try {
        const { payload } = await jwtVerify(token, keys.find, checks);
        const principal = toPrincipal(payload, token);
        verified.add(principal, (payload.exp ?? 0) * 1_000, now);
        return principal;
      } catch (err) {
        throw toRpcError(err);
      }
    },
  };
}

function toPrincipal(claims: JWTPayload, token: string): Principal {
  const { sub, tipo, papeis, nome, email, sid, ger, auth_time, amr, scope } = claims;
  const { iat = 0, exp = Number.POSITIVE_INFINITY } = claims;
  if (exp - iat > MAX_TOKEN_SECONDS) throw new errors.JWTInvalid('lives longer than any token of ours');
  if (!sub || !TIPOS.has(tipo)) throw new errors.JWTInvalid('unexpected claims');
  // What cannot be ended, or would be let in for everything, is no token of a key.
  if (tipo === 'chave' && (typeof sid !== 'string' || typeof scope !== 'string'))
    throw new errors.JWTInvalid('a key without a name or scopes');
  return {
    id: sub,
    tipo: tipo === 'servico' ? 'SERVICO' : 'USUARIO',
    papeis: Array.isArray(papeis) ? papeis.filter((papel): papel is Papel => PAPEIS.has(papel)) : [],
    ...(typeof nome === 'string' && { nome }),
    ...(typeof email === 'string' && { email }),
    ...(typeof sid === 'string' && { sessaoId: sid }),
    ...(tipo === 'chave' && typeof scope === 'string' && { escopos: scope.split(' ') }),
    geracao: typeof ger === 'number' ? ger : FIRST_GENERATION,
    emitidoEm: new Date(iat * 1_000),
    ...(typeof auth_time === 'number' && { autenticadoEm: new Date(auth_time * 1_000) }),
    ...(Array.isArray(amr) && { metodos: amr.filter((metodo) => typeof metodo === 'string') }),
    token,
  };
}

function toRpcError(err: unknown) {
  if (err instanceof errors.JOSEError) {
    const expired = err instanceof errors.JWTExpired;
    const message = expired ? 'Sua sessão expirou. Entre novamente.' : 'O token de acesso é inválido.';
    return rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', message, {}, err);
  }
  return rpcError(
    Code.Unavailable,
    'SERVICO_INDISPONIVEL',
    'Não foi possível verificar o acesso agora. Tente novamente em instantes.',
    {},
    err,
  );
}
