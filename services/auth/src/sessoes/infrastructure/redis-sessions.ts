import { randomUUID } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import { FIRST_GENERATION } from '@plataforma/runtime/principal';
import type { Redis } from 'ioredis';
import type { Found, NovaSessao, Rotation, Session, Sessions } from '../application/ports.ts';
import type { Metodo } from '../domain/metodo.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

const IDLE_SECONDS = 30 * 24 * 3600;
const ABSOLUTE_SECONDS = 90 * 24 * 3600;
/**
 * For this long the token just traded in still brings the same successor, as long as that one has not been used: two
 * tabs trade in one token at once, and a client whose answer was lost learns it only when its deadline of ten seconds
 * is over, and then tries again.
 */
const GRACE_SECONDS = 30;

/** One script, as the answers of a MULTI hide the failure of a command. */
const OPEN = `
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('EXPIRE', KEYS[1], ARGV[1])`;

/**
 * Judges a token, atomically. A family is a hash: user, generation, digest of the current token, digest of the one
 * before it and when that was traded in, when the family ends whatever happens, when and how the person has proved who
 * they are, and where that was.
 *
 * Answers `current` or `repeated` with what a session is made of; `reused` for an old token of ours (and the family is gone);
 * else `unknown`: a text that a stranger has made up changes nothing.
 */
const JUDGE = `
  local family = redis.call('HMGET', KEYS[1], 'usuario', 'atual', 'anterior', 'trocadoEm', 'fim', 'geracao', 'criadaEm',
    'metodos')
  local now = tonumber(ARGV[3])
  if not family[1] or now >= tonumber(family[5]) then return {'unknown'} end
  local verdict = 'unknown'
  if ARGV[1] == family[2] then
    verdict = 'current'
  elseif ARGV[1] == family[3] and ARGV[2] == family[2] and now - tonumber(family[4]) <= tonumber(ARGV[4]) then
    verdict = 'repeated'
  elseif ARGV[5] == 'genuine' or ARGV[1] == family[3] then
    redis.call('DEL', KEYS[1])
    verdict = 'reused'
  end`;

const FIND = `${JUDGE}
  return {verdict, family[1], family[6], family[5], family[7], family[8]}`;

const ROTATE = `${JUDGE}
  if verdict == 'current' then
    redis.call('HSET', KEYS[1], 'anterior', ARGV[1], 'atual', ARGV[2], 'trocadoEm', now)
    redis.call('EXPIRE', KEYS[1], math.min(tonumber(ARGV[6]), tonumber(family[5]) - now))
  end
  return {verdict, family[1], family[6], family[5], family[7], family[8]}`;

/** All but the first are there unless the token is refused; the last three only since families have them. */
type Judged = readonly [
  verdict: 'current' | 'repeated' | 'reused' | 'unknown',
  usuarioId: string,
  geracao: string | null,
  fim: string,
  criadaEm: string | null,
  metodos: string | null,
];

/** Sessions in Redis, with rotation and reuse detection (RFC 9700, 4.14.2). Of tokens only digests are stored. */
export class RedisSessions implements Sessions {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #tokens: RefreshTokens;

  constructor(options: { redis: Redis; clock: Clock; tokens: RefreshTokens }) {
    this.#redis = options.redis;
    this.#clock = options.clock;
    this.#tokens = options.tokens;
  }

  async open(nova: NovaSessao): Promise<{ session: Session; refreshToken: string }> {
    const { usuarioId, geracao, metodos, origem } = nova;
    const sessaoId = randomUUID();
    const refreshToken = this.#tokens.first(sessaoId);
    const atual = this.#tokens.digest(refreshToken);
    const now = this.#now();
    const family = {
      ...{ usuario: usuarioId, geracao, atual, anterior: '', trocadoEm: 0 },
      ...{ fim: now + ABSOLUTE_SECONDS, criadaEm: now, metodos: metodos.join(' '), ...origem },
    };
    await this.#redis.eval(OPEN, 1, familyKey(sessaoId), IDLE_SECONDS, ...Object.entries(family).flat());
    const session = { sessaoId, usuarioId, geracao, autenticadaEm: instant(now), metodos };
    return { session, refreshToken };
  }

  find(refreshToken: string): Promise<Found> {
    return this.#judge(FIND, refreshToken);
  }

  async rotate(refreshToken: string): Promise<Rotation> {
    const found = await this.#judge(ROTATE, refreshToken);
    return found.kind === 'ok' ? { kind: 'ok', refreshToken: this.#tokens.successor(refreshToken) } : found;
  }

  async close(refreshToken: string): Promise<void> {
    const sessaoId = this.#tokens.sessionOf(refreshToken);
    if (sessaoId === undefined) return;
    const [atual, anterior] = await this.#redis.hmget(familyKey(sessaoId), 'atual', 'anterior');
    const given = this.#tokens.digest(refreshToken);
    if (given === atual || given === anterior) await this.end(sessaoId);
  }

  async end(sessaoId: string): Promise<void> {
    await this.#redis.del(familyKey(sessaoId));
  }

  async #judge(script: string, token: string): Promise<Found> {
    const sessaoId = this.#tokens.sessionOf(token);
    if (sessaoId === undefined) return { kind: 'unknown' };
    const args = [
      this.#tokens.digest(token),
      this.#tokens.digest(this.#tokens.successor(token)),
      this.#now(),
      GRACE_SECONDS,
      this.#tokens.isGenuine(token) ? 'genuine' : '',
      IDLE_SECONDS,
    ];
    const judged = (await this.#redis.eval(script, 1, familyKey(sessaoId), ...args)) as Judged;
    const [verdict, usuarioId, geracao, fim, criadaEm, metodos] = judged;
    if (verdict === 'reused' || verdict === 'unknown') return { kind: verdict };
    return {
      ...{ kind: 'ok', sessaoId, usuarioId, geracao: Number(geracao ?? FIRST_GENERATION) },
      autenticadaEm: instant(Number(criadaEm ?? Number(fim) - ABSOLUTE_SECONDS)),
      metodos: (metodos ?? 'pwd').split(' ') as Metodo[],
    };
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }
}

const familyKey = (sessaoId: string) => `sessao:${sessaoId}`;

const instant = (seconds: number) => new Date(seconds * 1_000);
