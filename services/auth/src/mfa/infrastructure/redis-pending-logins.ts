import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { LoginPendente } from '../../sessoes/application/ports.ts';
import type { WaitingLogins } from '../application/ports.ts';

const LIFE_SECONDS = 300;
const TOKEN_BYTES = 32;
const ATTEMPTS = 5;

/** One that has ended, or has had its attempts, is none. It is not deleted: an attempt under way may be given back. */
const LOOK = `
  local login = redis.call('HMGET', KEYS[1], 'login', 'tentativas')
  if not login[1] or tonumber(login[2]) >= tonumber(ARGV[1]) then return false end`;

const ATTEMPT = `${LOOK}
  redis.call('HINCRBY', KEYS[1], 'tentativas', 1)
  return login[1]`;

/** Not of one that has ended: its key would begin anew, without an end. */
const GIVE_BACK = `
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'tentativas', -1) end`;

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

  look(mfaToken: string): Promise<LoginPendente | undefined> {
    return this.#found(`${LOOK} return login[1]`, mfaToken);
  }

  attempt(mfaToken: string): Promise<LoginPendente | undefined> {
    return this.#found(ATTEMPT, mfaToken);
  }

  async giveBack(mfaToken: string): Promise<void> {
    await this.#redis.eval(GIVE_BACK, 1, keyOf(mfaToken));
  }

  async take(mfaToken: string): Promise<boolean> {
    return (await this.#redis.del(keyOf(mfaToken))) === 1;
  }

  async #found(script: string, mfaToken: string): Promise<LoginPendente | undefined> {
    const login = (await this.#redis.eval(script, 1, keyOf(mfaToken), ATTEMPTS)) as string | null;
    return login === null ? undefined : (JSON.parse(login) as LoginPendente);
  }
}

function keyOf(mfaToken: string): string {
  return `mfa:login:${createHash('sha256').update(mfaToken).digest('base64url')}`;
}
