import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { LoginPendente } from '../../sessoes/application/ports.ts';
import type { WaitingLogins } from '../application/ports.ts';

const LIFE_SECONDS = 300;
const TOKEN_BYTES = 32;
const ATTEMPTS = 5;

/** Not for one that has ended: counting would begin anew under its key, without an end. */
const ATTEMPT = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return false end
  if redis.call('HINCRBY', KEYS[1], 'tentativas', 1) > tonumber(ARGV[1]) then
    redis.call('DEL', KEYS[1])
    return false
  end
  return redis.call('HGET', KEYS[1], 'login')`;

/** One script, as the answers of a MULTI hide the failure of a command. */
const OPEN = `
  redis.call('HSET', KEYS[1], 'login', ARGV[1], 'tentativas', 0)
  redis.call('EXPIRE', KEYS[1], ARGV[2])`;

/** In Redis for five minutes and five codes, under digests of their tokens. */
export class RedisPendingLogins implements WaitingLogins {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async open(login: LoginPendente): Promise<string> {
    const mfaToken = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.#redis.eval(OPEN, 1, keyOf(mfaToken), JSON.stringify(login), LIFE_SECONDS);
    return mfaToken;
  }

  async look(mfaToken: string): Promise<LoginPendente | undefined> {
    const login = await this.#redis.hget(keyOf(mfaToken), 'login');
    return login === null ? undefined : (JSON.parse(login) as LoginPendente);
  }

  async attempt(mfaToken: string): Promise<LoginPendente | undefined> {
    const login = (await this.#redis.eval(ATTEMPT, 1, keyOf(mfaToken), ATTEMPTS)) as string | null;
    return login === null ? undefined : (JSON.parse(login) as LoginPendente);
  }

  async take(mfaToken: string): Promise<boolean> {
    return (await this.#redis.del(keyOf(mfaToken))) === 1;
  }
}

function keyOf(mfaToken: string): string {
  return `mfa:login:${createHash('sha256').update(mfaToken).digest('base64url')}`;
}
