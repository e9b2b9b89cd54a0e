import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Selos } from '../../selos/infrastructure/selos.ts';
import type { Dono, Segredos, Tentativa, Tentativas } from '../application/ports.ts';

const LIFE_SECONDS = 600;
/** For the same call once more; not for long, as it comes after one that was heard. */
const PUT_BACK_SECONDS = 60;
const BYTES = 32;

/** One script, as the answers of a MULTI hide the failure of a command. */
const OPEN = `
  redis.call('HSET', KEYS[1], 'navegador', ARGV[1], 'segredos', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])`;

/** Who brings the state from another browser or account has read it somewhere: that uses up nothing. */
const TAKE = `
  if redis.call('HGET', KEYS[1], 'navegador') ~= ARGV[1] then return false end
  local segredos = redis.call('HGET', KEYS[1], 'segredos')
  redis.call('DEL', KEYS[1])
  return segredos`;

/** In Redis for ten minutes, under the digest of the state, what is secret encrypted for that state. */
export class RedisTentativas implements Tentativas {
  readonly #redis: Redis;
  readonly #selos: Selos;

  constructor(redis: Redis, selos: Selos) {
    this.#redis = redis;
    this.#selos = selos;
  }

  async open(redirectUri: string, dono: Dono): Promise<Tentativa> {
    const [state, nonce, verifier] = [random(), random(), random()];
    const tentativa = { state, redirectUri, nonce, verifier };
    await this.#keep(tentativa, dono, LIFE_SECONDS);
    return tentativa;
  }

  putBack(tentativa: Tentativa, dono: Dono): Promise<void> {
    return this.#keep(tentativa, dono, PUT_BACK_SECONDS);
  }

  async take(state: string, dono: Dono): Promise<Tentativa | undefined> {
    const sealed = (await this.#redis.eval(TAKE, 1, keyOf(state), digestOf(dono))) as string | null;
    if (sealed === null) return undefined;
    const plain = this.#selos.open(Buffer.from(sealed, 'base64'), state);
    return { state, ...(JSON.parse(plain.toString()) as Segredos & Pick<Tentativa, 'redirectUri'>) };
  }

  async #keep({ state, ...segredos }: Tentativa, dono: Dono, seconds: number): Promise<void> {
    const sealed = this.#selos.seal(Buffer.from(JSON.stringify(segredos)), state).toString('base64');
    await this.#redis.eval(OPEN, 1, keyOf(state), digestOf(dono), sealed, seconds);
  }
}

const random = () => randomBytes(BYTES).toString('base64url');

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

/** An attempt to link is no attempt to log in, and the other way round. */
const digestOf = ({ navegador, conta }: Dono) =>
  digest(conta === undefined ? navegador : `${navegador} ${conta.usuarioId} ${conta.geracao}`);

const keyOf = (state: string) => `google:tentativa:${digest(state)}`;
