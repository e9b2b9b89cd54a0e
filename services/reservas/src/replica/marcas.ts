import type { Logger } from '@plataforma/runtime/logger';
import type { ServiceDeps } from '@plataforma/runtime/service';
import { withDeadline } from '@plataforma/runtime/wait';
import type { DataSource } from 'typeorm';

type MarcasRedis = Pick<ServiceDeps<unknown>['redis'], 'eval' | 'mget'>;

interface Options {
  readonly primario: Pick<DataSource, 'query'>;
  readonly redis: MarcasRedis;
  readonly logger: Logger;
}

/** A replica that is further behind than this is no replica to read from; the gauge of its lag tells operators. */
const VALIDADE_S = 3600;
/** Redis is asked only because it is fast. */
const PRAZO_MS = 250;

/** Two calls that write at once: the later position stays, in whichever order they come. */
const AVANCAR = `
  for _, chave in ipairs(KEYS) do
    local atual = redis.call('GET', chave)
    if not atual or atual < ARGV[1] then redis.call('SET', chave, ARGV[1], 'EX', ARGV[2]) end
  end`;

export const doAutor = (id: string) => `reservas:marca:autor:${id}`;
export const doEspaco = (id: string) => `reservas:marca:espaco:${id}`;

/**
 * Where in the primary's log a change is, for the caller who made it and for the spaces it touched: a read that has to see
 * the change needs a replica that has come at least so far. Kept in Redis, so that every instance knows it.
 */
export class Marcas {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** After the commit. Never fails: who reads meanwhile may be told what was true a moment ago. */
  async avancar(chaves: readonly string[]): Promise<void> {
    const { primario, redis, logger } = this.#options;
    try {
      const [{ posicao }]: [{ posicao: string }] = await primario.query(
        'select pg_current_wal_insert_lsn()::text as posicao',
      );
      const valor = ordenavel(posicao);
      await dentroDoPrazo(redis.eval(AVANCAR, chaves.length, ...chaves, valor, VALIDADE_S));
    } catch (error) {
      logger.warn({ err: error }, 'could not note the position of a change for the read replica');
    }
  }

  /** The furthest of these marks as `X/Y`; undefined when there is none. @throws Error when Redis does not answer. */
  async maior(chaves: readonly string[]): Promise<string | undefined> {
    if (chaves.length === 0) return undefined;
    const valores = await dentroDoPrazo(this.#options.redis.mget(...chaves));
    const maior = valores
      .filter((valor) => valor !== null)
      .sort()
      .at(-1);
    return maior && `${maior.slice(0, 8)}/${maior.slice(8)}`;
  }
}

/** `1A/2B` with both halves in full length: texts of this form sort as the positions do. */
export function ordenavel(posicao: string): string {
  return posicao
    .split('/')
    .map((metade) => metade.padStart(8, '0'))
    .join('');
}

function dentroDoPrazo<T>(pergunta: Promise<T>): Promise<T> {
  return withDeadline(pergunta, PRAZO_MS, () => new Error('Redis is too slow'));
}
