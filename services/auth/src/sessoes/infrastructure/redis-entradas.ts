import { createHmac } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import { partesDoDispositivo } from '@plataforma/domain/dispositivo';
import type { Redis } from 'ioredis';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Entradas } from '../application/ports.ts';

const LEMBRADA_SECONDS = 180 * 24 * 3600;
const DIA_SECONDS = 24 * 3600;
/** Of one account, those first that were used last. */
const MAXIMO = 50;
/** So many a day its owner is told of: whoever has the password writes no more mails than that. */
const AVISOS_POR_DIA = 3;

/** Names and their last use (`entradas:<usuario>`), and how many new ones there were today (`entradas-novas:<usuario>`). */
export const chavesDasEntradas = (usuarioId: string) => [
  `entradas:${usuarioId}`,
  `entradas-novas:${usuarioId}`,
];

/** KEYS: names, count. ARGV: name, now, seconds, size, `1` for a device that is known otherwise, notices a day, seconds of a day. */
const ANOTAR = `
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3])
  local primeira = redis.call('ZCARD', KEYS[1]) == 0
  local nova = redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1]) == 1
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[4] - 1)
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  if primeira or not nova or ARGV[5] == '1' then return 0 end
  local novas = redis.call('INCR', KEYS[2])
  if novas == 1 then redis.call('EXPIRE', KEYS[2], ARGV[7]) end
  return novas <= tonumber(ARGV[6]) and 1 or 0`;

/**
 * With what kind of device and from which network an account was entered, in Redis. Only digests under a key are kept: they tell
 * nobody where somebody was. If they are lost, the next login counts as the first.
 */
export class RedisEntradas implements Entradas {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #key: Buffer;

  /** @param options.key 32 bytes. */
  constructor(options: { redis: Redis; clock: Clock; key: Buffer }) {
    this.#redis = options.redis;
    this.#clock = options.clock;
    this.#key = options.key;
  }

  async estranha(usuarioId: string, origem: Origem, conhecido: boolean): Promise<boolean> {
    const agora = Math.floor(this.#clock.now().getTime() / 1_000);
    const argumentos = [this.#nome(origem), agora, LEMBRADA_SECONDS, MAXIMO, conhecido ? 1 : 0];
    const limites = [AVISOS_POR_DIA, DIA_SECONDS];
    const chaves = chavesDasEntradas(usuarioId);
    return (await this.#redis.eval(ANOTAR, chaves.length, ...chaves, ...argumentos, ...limites)) === 1;
  }

  #nome({ dispositivo, endereco }: Origem): string {
    const { programa, sistema } = partesDoDispositivo(dispositivo);
    // Of others than browsers the name without the version, which changes with every release.
    const quem = programa ?? sistema ?? /^[\w.-]*/.exec(dispositivo)?.[0] ?? '';
    const texto = [quem, sistema, redeDe(endereco)].join('\0');
    return createHmac('sha256', this.#key).update(texto).digest('base64url').slice(0, 22);
  }
}

/** The network of an address: providers give out new ones in it from day to day. Of IPv6 it is one already. */
function redeDe(endereco: string): string {
  return /^(\d+\.\d+\.\d+)\.\d+$/.exec(endereco)?.[1] ?? endereco;
}
