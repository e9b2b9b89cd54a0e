import { randomUUID } from 'node:crypto';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { ServiceDeps } from '@plataforma/runtime/service';
import { withDeadline } from '@plataforma/runtime/wait';
import { Counter } from 'prom-client';
import type { AgendaOcupada, Agendas } from '../../application/ports.ts';
import { agendaFromJson, agendaToJson } from './agenda-json.ts';

type CacheRedis = Pick<ServiceDeps<unknown>['redis'], 'get' | 'set'>;

interface Options {
  readonly origem: Agendas;
  readonly redis: CacheRedis;
  readonly metrics: Pick<Metrics, 'registry'>;
}

const VALIDADE_S = 60;
/** A generation outlives every agenda that was stored under it. */
const VALIDADE_GERACAO_S = 24 * 3600;
/** Redis is asked only because it is fast. */
const PRAZO_MS = 250;

type Resultado = 'acerto' | 'falta' | 'erro';

/**
 * Agendas in Redis, for a minute. A change gives the space a new generation, and agendas are stored under the
 * generation that was in force before they were read from their source: one that was read before a change is never
 * found after it. Without Redis the source answers; a change that Redis misses is seen a minute later.
 */
export class AgendasEmCache implements Agendas {
  readonly #origem: Agendas;
  readonly #redis: CacheRedis;
  readonly #consultas: Counter<'resultado'>;

  constructor({ origem, redis, metrics }: Options) {
    this.#origem = origem;
    this.#redis = redis;
    this.#consultas = new Counter({
      name: 'reservas_agenda_cache_total',
      help: 'Lookups and invalidations of cached agendas, by outcome.',
      labelNames: ['resultado'],
      registers: [metrics.registry],
    });
  }

  async entre(espacoId: string, de: Date, ate: Date): Promise<AgendaOcupada> {
    const geracao = await this.#tentar(async () => (await this.#redis.get(chaveDaGeracao(espacoId))) ?? '0');
    if (geracao === undefined) return this.#origem.entre(espacoId, de, ate);
    const chave = `reservas:agenda:${espacoId}:${geracao}:${de.getTime()}:${ate.getTime()}`;
    const guardada = await this.#tentar(() => this.#redis.get(chave));
    if (guardada) {
      this.#contar('acerto');
      return agendaFromJson(guardada);
    }
    this.#contar('falta');
    const agenda = await this.#origem.entre(espacoId, de, ate);
    // The answer does not wait for it: commands of one client run in order, so whoever asks next finds it.
    void this.#tentar(() => this.#redis.set(chave, agendaToJson(agenda), 'EX', VALIDADE_S));
    return agenda;
  }

  /** Forgets what is known of these spaces. */
  async invalidar(espacoIds: Iterable<string>): Promise<void> {
    const geracao = randomUUID();
    await this.#tentar(() =>
      Promise.all(
        [...espacoIds].map((id) => this.#redis.set(chaveDaGeracao(id), geracao, 'EX', VALIDADE_GERACAO_S)),
      ),
    );
  }

  /** Undefined when Redis does not answer; the client logs its outages itself. */
  async #tentar<T>(pergunta: () => Promise<T>): Promise<T | undefined> {
    try {
      return await withDeadline(pergunta(), PRAZO_MS, () => new Error('Redis is too slow'));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#contar('erro');
      return undefined;
    }
  }

  #contar(resultado: Resultado): void {
    this.#consultas.inc({ resultado });
  }
}

function chaveDaGeracao(espacoId: string): string {
  return `reservas:agenda:${espacoId}:geracao`;
}
