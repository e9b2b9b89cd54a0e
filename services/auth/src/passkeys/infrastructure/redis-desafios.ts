import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Desafio, Desafios } from '../application/ports.ts';

const LIFE_SECONDS = 300;
const BYTES = 32;

/** In Redis for five minutes, under digests of the challenges. */
export class RedisDesafios implements Desafios {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async open(desafio: Desafio): Promise<string> {
    const valor = randomBytes(BYTES).toString('base64url');
    await this.#redis.set(keyOf(valor), JSON.stringify(desafio), 'EX', LIFE_SECONDS);
    return valor;
  }

  async take(valor: string): Promise<Desafio | undefined> {
    const found = await this.#redis.getdel(keyOf(valor));
    return found === null ? undefined : (JSON.parse(found) as Desafio);
  }
}

function keyOf(valor: string): string {
  return `passkeys:desafio:${createHash('sha256').update(valor).digest('base64url')}`;
}
