import { randomUUID } from 'node:crypto';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { ServiceDeps } from '@plataforma/runtime/service';
import { withDeadline } from '@plataforma/runtime/wait';
import { Counter } from 'prom-client';
import type { AgendaOcupada, Agendas } from '../application/ports.ts';
import { agendaFromJson, agendaToJson } from './agenda-json.ts';
import { daSemana, dentroDe, juntar, type Semana, semanasEntre, trechoDas } from './semanas.ts';

type CacheRedis = Pick<ServiceDeps<unknown>['redis'], 'mget' | 'set'>;

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
/** Keys for agendas, and as many for generations: whatever is asked for, there are no more of them. */
const CASAS = 4_096;
/** A fuller week is not kept: together the agendas take no more than 64 MiB of the Redis that also counts identities. */
const MAXIMO_BYTES = 16 * 1024;
/** More than any question reaches over. */
const MAXIMO_SEMANAS = 6;

type Resultado = 'acerto' | 'falta' | 'erro';

/**
 * Agendas in Redis, for a minute, by the week: so questions that differ by a moment share an answer. A week of a space has
 * its place among a fixed number of keys, from which it pushes out whatever was there: callers can spoil the cache, but
 * not fill the memory of Redis.
 *
 * A change gives the space a new generation, and a week is stored with the generation that was in force before it was
 * read from its source: one that was read before a change is never found after it. Spaces may share a generation; then
 * one forgets what the other has changed. Without Redis the source answers; a change that Redis misses is seen a minute
 * later.
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
    const semanas = semanasEntre(de, ate);
    if (semanas.length > MAXIMO_SEMANAS) return this.#origem.entre(espacoId, de, ate);
    const chaves = semanas.map((semana) => chaveDaSemana(espacoId, semana));
    const lidas = await this.#tentar(() => this.#redis.mget(chaveDaGeracao(espacoId), ...chaves));
    if (lidas === undefined) return this.#origem.entre(espacoId, de, ate);
    const [geracao, ...textos] = lidas;
    const marcas = semanas.map((semana) => `${espacoId}:${geracao ?? '0'}:${semana}\n`);
    const guardadas = textos.map((texto, i) => daMarca(texto ?? null, marcas[i] ?? ''));
    if (guardadas.every((guardada) => guardada !== undefined)) {
      this.#contar('acerto');
      return dentroDe(juntar(guardadas), de, ate);
    }
    this.#contar('falta');
    const trecho = trechoDas(semanas);
    const agenda = await this.#origem.entre(espacoId, trecho.de, trecho.ate);
    for (const [i, semana] of semanas.entries())
      if (guardadas[i] === undefined)
        this.#guardar(chaves[i] ?? '', marcas[i] ?? '', daSemana(agenda, semana));
    return dentroDe(agenda, de, ate);
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

  /** The answer does not wait for it: commands of one client run in order, so the next question finds it. */
  #guardar(chave: string, marca: string, agenda: AgendaOcupada): void {
    const texto = marca + agendaToJson(agenda);
    if (Buffer.byteLength(texto) > MAXIMO_BYTES) return;
    void this.#tentar(() => this.#redis.set(chave, texto, 'EX', VALIDADE_S));
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

/** What is stored in a place, if it is what was looked for and not another's, or of another generation. */
function daMarca(texto: string | null, marca: string): AgendaOcupada | undefined {
  return texto?.startsWith(marca) ? agendaFromJson(texto.slice(marca.length)) : undefined;
}

function chaveDaSemana(espacoId: string, semana: Semana): string {
  return `reservas:agenda:${casaDe(`${espacoId}:${semana}`)}`;
}

function chaveDaGeracao(espacoId: string): string {
  return `reservas:agenda:geracao:${casaDe(espacoId)}`;
}

/** FNV-1a, which spreads short texts well. */
function casaDe(texto: string): number {
  let soma = 0x811c9dc5;
  for (let i = 0; i < texto.length; i += 1) soma = Math.imul(soma ^ texto.charCodeAt(i), 0x01000193) >>> 0;
  return soma % CASAS;
}
