import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';
import { Counter } from 'prom-client';
import { TABELAS_LIMPAS, type TabelaLimpa } from './limpeza.ts';

interface Options {
  readonly limpar: (tabela: TabelaLimpa, maximo: number) => Promise<number>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  /** Pause after a round. Default 5 minutes. */
  readonly pauseMs?: number;
}

/** A batch is short, and so many a round let the others have the database in between. */
const LOTE = 500;
const LOTES_POR_RODADA = 200;
const ENTRE_LOTES_MS = 100;

/**
 * Deletes what is of no use any more, a batch at a time, each table by itself: one that fails keeps no other waiting.
 * Every replica runs one; they share the work by row locks.
 */
export function limpezaWorker({ limpar, logger, metrics, pauseMs = 300_000 }: Options): Background {
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Promise<void> | undefined;
  const apagadas = new Counter({
    name: 'reservas_limpeza_linhas_total',
    help: 'Rows deleted because nobody needs them any more, by table.',
    labelNames: ['tabela'],
    registers: [metrics.registry],
  });

  async function limparTabela(tabela: TabelaLimpa): Promise<void> {
    for (let lote = 0; lote < LOTES_POR_RODADA && !signal.aborted; lote += 1) {
      const linhas = await limpar(tabela, LOTE);
      apagadas.inc({ tabela }, linhas);
      if (linhas < LOTE) return;
      await delay(ENTRE_LOTES_MS, signal);
    }
  }

  async function round(): Promise<void> {
    for (const tabela of TABELAS_LIMPAS) {
      try {
        await limparTabela(tabela);
      } catch (error) {
        logger.error({ err: error, tabela }, 'could not delete what is over, trying again');
      }
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await round();
      await delay(pauseMs, signal);
    }
  }

  return {
    name: 'purge',
    start: async () => {
      loop ??= run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}
