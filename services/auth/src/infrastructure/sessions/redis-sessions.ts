import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { Redis } from 'ioredis';
import type { Rotation, Sessions } from '../../application/ports.ts';

const IDLE_SECONDS = 30 * 24 * 3600;
const ABSOLUTE_SECONDS = 90 * 24 * 3600;
/** Two tabs may trade in the same token at once: for this long the loser gets the same successor. */
const GRACE_SECONDS = 10;

/**
 * Opens, rotates and ends a family atomically. A family is a hash: user, digest of the current token, digest of the one
 * before it and when that was traded in, and when the family ends whatever happens.
 *
 * Answers the user, or `reused` (and the family is gone), or `unknown`.
 */
const ROTATE = `
  local family = redis.call('HMGET', KEYS[1], 'usuario', 'atual', 'anterior', 'trocadoEm', 'fim')
  local now = tonumber(ARGV[3])
  if not family[1] or now >= tonumber(family[5]) then return {'unknown'} end
  local ttl = math.min(tonumber(ARGV[4]), tonumber(family[5]) - now)
  if ARGV[1] == family[2] then
    redis.call('HSET', KEYS[1], 'anterior', ARGV[1], 'atual', ARGV[2], 'trocadoEm', now)
    redis.call('EXPIRE', KEYS[1], ttl)
    return {'ok', family[1]}
  end
  if ARGV[1] == family[3] and ARGV[2] == family[2] and now - tonumber(family[4]) <= tonumber(ARGV[5]) then
    return {'ok', family[1]}
  end
  redis.call('DEL', KEYS[1])
  return {'reused'}`;

/**
 * Sessions in Redis. A refresh token is `<family>.<256 random bits>`; only digests are stored. The successor of a token
 * is computed from it with a key of the server, so that concurrent rotations of one token agree on the next without
 * anything secret being stored (RFC 9700, 4.14.2: rotation with reuse detection).
 */
export class RedisSessions implements Sessions {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #rotationKey: Buffer;

  /** @param options.rotationKey 32 bytes. Sessions outlive another key; a repeat within the grace period does not. */
  constructor(options: { redis: Redis; clock: Clock; rotationKey: Buffer }) {
    this.#redis = options.redis;
    this.#clock = options.clock;
    this.#rotationKey = options.rotationKey;
  }

  async open(usuarioId: string): Promise<{ sessaoId: string; refreshToken: string }> {
    const sessaoId = randomUUID();
    const refreshToken = `${sessaoId}.${randomBytes(32).toString('base64url')}`;
    const end = this.#now() + ABSOLUTE_SECONDS;
    const family = { usuario: usuarioId, atual: digest(refreshToken), anterior: '', trocadoEm: 0, fim: end };
    await this.#redis
      .multi()
      .hset(familyKey(sessaoId), family)
      .expire(familyKey(sessaoId), IDLE_SECONDS)
      .exec();
    return { sessaoId, refreshToken };
  }

  async rotate(refreshToken: string): Promise<Rotation> {
    const sessaoId = familyOf(refreshToken);
    if (sessaoId === undefined) return { kind: 'unknown' };
    const successor = `${sessaoId}.${createHmac('sha256', this.#rotationKey).update(refreshToken).digest('base64url')}`;
    const args = [digest(refreshToken), digest(successor), this.#now(), IDLE_SECONDS, GRACE_SECONDS];
    const [outcome, usuarioId] = (await this.#redis.eval(ROTATE, 1, familyKey(sessaoId), ...args)) as [
      string,
      string?,
    ];
    if (outcome !== 'ok' || usuarioId === undefined)
      return { kind: outcome === 'reused' ? 'reused' : 'unknown' };
    return { kind: 'ok', sessaoId, usuarioId, refreshToken: successor };
  }

  async close(refreshToken: string): Promise<void> {
    const sessaoId = familyOf(refreshToken);
    if (sessaoId === undefined) return;
    const [atual, anterior] = await this.#redis.hmget(familyKey(sessaoId), 'atual', 'anterior');
    const given = digest(refreshToken);
    if (given === atual || given === anterior) await this.end(sessaoId);
  }

  async end(sessaoId: string): Promise<void> {
    await this.#redis.del(familyKey(sessaoId));
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }
}

const familyKey = (sessaoId: string) => `sessao:${sessaoId}`;

const digest = (token: string) => createHash('sha256').update(token).digest('base64url');

function familyOf(refreshToken: string): string | undefined {
  return /^([0-9a-f-]{36})\.[A-Za-z0-9_-]{43}$/.exec(refreshToken)?.[1];
}
