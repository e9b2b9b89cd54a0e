import { randomUUID } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import { MAX_TOKEN_SECONDS } from '@plataforma/runtime/jwt';
import type { TokenIssuer, TokenSubject } from '../application/ports.ts';
import type { SigningKeys } from './signing-keys.ts';

const ACCESS_SECONDS = MAX_TOKEN_SECONDS;
const SERVICE_SECONDS = 300;
/** Kong allows no clock difference at all, so a token is valid from a little before it was made. */
const NOT_BEFORE_MARGIN_SECONDS = 10;

/** Says what is in access tokens (RFC 9068). */
export class JwtIssuer implements TokenIssuer {
  readonly #keys: Pick<SigningKeys, 'active'>;
  readonly #clock: Clock;
  readonly #issuer: string;
  readonly #audience: string;

  /** @param options.audience `aud` of the tokens of people. */
  constructor(options: {
    keys: Pick<SigningKeys, 'active'>;
    clock: Clock;
    issuer: string;
    audience: string;
  }) {
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#issuer = options.issuer;
    this.#audience = options.audience;
  }

  async issue(subject: TokenSubject): Promise<{ token: string; expiresInSeconds: number }> {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const expiresInSeconds = lifeOf(subject, now);
    const claims = {
      iss: this.#issuer,
      aud: subject.tipo === 'servico' ? subject.audiencia : this.#audience,
      sub: subject.sub,
      jti: randomUUID(),
      iat: now,
      nbf: now - NOT_BEFORE_MARGIN_SECONDS,
      exp: now + expiresInSeconds,
      tipo: subject.tipo,
      ...claimsOf(subject),
    };
    const token = (await this.#keys.active()).sign(claims);
    return { token, expiresInSeconds };
  }
}

function lifeOf(subject: TokenSubject, now: number): number {
  if (subject.tipo === 'servico') return SERVICE_SECONDS;
  if (subject.tipo === 'acesso') return ACCESS_SECONDS;
  return Math.min(ACCESS_SECONDS, Math.floor(subject.ate.getTime() / 1000) - now);
}

function claimsOf(subject: TokenSubject): object {
  if (subject.tipo === 'servico') return { papeis: [] };
  return subject.tipo === 'acesso' ? sessionClaims(subject) : keyClaims(subject);
}

/** The key stands where the session does: what ends one ends the other. `scope` is a text (RFC 9068, 2.2.3). */
function keyClaims({ papeis, chaveId, geracao: ger, escopos }: Extract<TokenSubject, { tipo: 'chave' }>) {
  return { papeis, sid: chaveId, ger, client_id: chaveId, scope: escopos.join(' ') };
}

function sessionClaims(subject: Extract<TokenSubject, { tipo: 'acesso' }>) {
  const { papeis, sessaoId: sid, geracao: ger, autenticadoEm, metodos: amr } = subject;
  return { papeis, sid, ger, auth_time: Math.floor(autenticadoEm.getTime() / 1000), amr };
}
