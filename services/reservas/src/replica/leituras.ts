import { type Breaker, createBreaker } from '@plataforma/runtime/breaker';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { pgCode } from '@plataforma/runtime/postgres';
import { Counter, Gauge } from 'prom-client';
import type { DataSource } from 'typeorm';
import { chamadaAtual } from './chamadas.ts';
import type { Marcas } from './marcas.ts';

interface Options {
  readonly primario: Pick<DataSource, 'query'>;
  /** Not connected yet: it may be away when the service starts. */
  readonly replica: DataSource;
  readonly marcas: Pick<Marcas, 'maior'>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  /** How long the replica is left alone after it has failed. Default 10 s. */
  readonly resetMs?: number;
}

/** Longer than any read of ours takes; the primary answers then. */
export const PRAZO_DA_REPLICA_MS = 2_000;
const FALHAS = 3;

/** Null where nothing is replayed: it is no replica, or not one any more. */
type Atraso = { readonly bytes: number | null };
/**
 * At the end of a page of the log the position where the next record would be written is behind the header of the next page, and
 * the last one that was replayed before it. Less than a header and the smallest record is between them: nothing.
 */
const ATRASO = `
  select case when bytes < 48 and no_fim_da_pagina then 0 else bytes end as bytes
  from (
    select pg_wal_lsn_diff($1::pg_lsn, ate)::float8 as bytes,
      pg_wal_lsn_diff(ate, '0/0') % current_setting('wal_block_size')::int = 0 as no_fim_da_pagina
    from pg_last_wal_replay_lsn() as ate
  ) as distancia`;

type Destino = 'replica' | 'primario_escrita' | 'primario_atraso' | 'primario_marcas' | 'primario_falha';

type Resposta = { readonly atrasada: true } | { readonly atrasada: false; readonly linhas: unknown };

/**
 * Reads from the replica when it has come as far as the caller has to see, otherwise from the primary. The question
 * and the read use one connection, so they ask one server, also behind an address that stands for several.
 */
export class Leituras {
  readonly #options: Options;
  readonly #disjuntor: Breaker<[string, unknown[] | undefined, string | undefined], Resposta>;
  readonly #contagem: Counter<'destino'>;
  #conexao: Promise<DataSource> | undefined;

  constructor(options: Options) {
    this.#options = options;
    const { logger, metrics, resetMs = 10_000 } = options;
    this.#disjuntor = createBreaker('replica', (...pedido) => this.#naReplica(...pedido), {
      failures: FALHAS,
      successes: 1,
      resetMs,
      timeoutMs: PRAZO_DA_REPLICA_MS,
      // The primary would say the same.
      isAnswer: (error) => /^(22|23|42)/.test(pgCode(error) ?? ''),
      onStateChange: (state) => logger.warn({ breaker: 'replica', state }, 'circuit breaker changed'),
    });
    this.#contagem = new Counter({
      name: 'reservas_leituras_total',
      help: 'Reads by where they were answered: the replica, or the primary and why.',
      labelNames: ['destino'],
      registers: [metrics.registry],
    });
    this.#medirAtraso();
  }

  /** As a data source has it, for reads. */
  async query<T>(sql: string, parameters?: unknown[]): Promise<T> {
    const { destino, linhas } = await this.#tentar(sql, parameters);
    this.#contagem.inc({ destino });
    return (destino === 'replica' ? linhas : this.#options.primario.query(sql, parameters)) as T;
  }

  async close(): Promise<void> {
    this.#disjuntor.close();
    const { replica } = this.#options;
    if (replica.isInitialized) await replica.destroy();
  }

  async #tentar(
    sql: string,
    parameters: unknown[] | undefined,
  ): Promise<{ destino: Destino; linhas?: unknown }> {
    const { escreve, chaves } = chamadaAtual();
    if (escreve) return { destino: 'primario_escrita' };
    const exigida = await this.#exigida(chaves);
    if ('semResposta' in exigida) return { destino: 'primario_marcas' };
    try {
      const resposta = await this.#disjuntor.fire(sql, parameters, exigida.posicao);
      return resposta.atrasada
        ? { destino: 'primario_atraso' }
        : { destino: 'replica', linhas: resposta.linhas };
    } catch (error) {
      // Whatever is wrong there, the primary knows the answer, or says the same.
      this.#options.logger.debug({ err: error }, 'the replica did not answer');
      return { destino: 'primario_falha' };
    }
  }

  async #exigida(
    chaves: readonly string[],
  ): Promise<{ posicao: string | undefined } | { semResposta: true }> {
    try {
      return { posicao: await this.#options.marcas.maior(chaves) };
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the marks of the read replica are unknown');
      return { semResposta: true };
    }
  }

  async #naReplica(
    sql: string,
    parameters: unknown[] | undefined,
    posicao: string | undefined,
  ): Promise<Resposta> {
    const replica = await this.#aberta();
    if (posicao === undefined) return { atrasada: false, linhas: await replica.query(sql, parameters) };
    const conexao = replica.createQueryRunner();
    try {
      const [{ bytes }]: [Atraso] = await conexao.query(ATRASO, [posicao]);
      if (bytes === null || bytes > 0) return { atrasada: true };
      return { atrasada: false, linhas: await conexao.query(sql, parameters) };
    } finally {
      await conexao.release();
    }
  }

  /** Connects at the first read, and again at a later one when that failed. */
  #aberta(): Promise<DataSource> {
    this.#conexao ??= this.#options.replica.initialize().catch((error) => {
      this.#conexao = undefined;
      throw error;
    });
    return this.#conexao;
  }

  #medirAtraso(): void {
    const { primario, metrics } = this.#options;
    const medir = async () => {
      const [{ posicao }] = await primario.query('select pg_current_wal_insert_lsn()::text as posicao');
      const [{ bytes }]: [Atraso] = await (await this.#aberta()).query(ATRASO, [posicao]);
      return bytes === null ? Number.NaN : Math.max(0, bytes);
    };
    new Gauge({
      name: 'reservas_replica_atraso_bytes',
      help: 'How far the read replica is behind the primary, in bytes of log; NaN when it replays nothing.',
      registers: [metrics.registry],
      async collect() {
        this.set(await medir());
      },
    });
  }
}
