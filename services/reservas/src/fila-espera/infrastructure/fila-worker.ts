import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';
import type { AtenderFilaHandler } from '../application/atender-fila.ts';
import type { EncerrarEsperasHandler } from '../application/encerrar-esperas.ts';

interface Options {
  readonly atender: Pick<AtenderFilaHandler, 'espacos' | 'execute'>;
  readonly encerrar: Pick<EncerrarEsperasHandler, 'execute'>;
  readonly logger: Logger;
  /** Pause after a round. Default 1 s. */
  readonly pauseMs?: number;
}

/**
 * Offers what became free, round after round. Every replica runs one: they share the work by row locks. What fails is
 * tried again in the next round, and a space that fails does not keep the others waiting.
 */
export function filaWorker({ atender, encerrar, logger, pauseMs = 1_000 }: Options): Background {
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Promise<void> | undefined;

  async function attempt(what: string, work: () => Promise<boolean>): Promise<void> {
    try {
      while (!signal.aborted && (await work()));
    } catch (error) {
      logger.error({ err: error, what }, 'the waitlist has to wait, trying again');
    }
  }

  async function offers(): Promise<boolean> {
    for (const espacoId of await atender.espacos()) await attempt(espacoId, () => atender.execute(espacoId));
    return false;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await attempt('offers', offers);
      await attempt('ends', () => encerrar.execute());
      await delay(pauseMs, signal);
    }
  }

  return {
    name: 'waitlist',
    start: async () => {
      loop ??= run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
    turn: async () => {
      for (const espacoId of await atender.espacos()) if (await atender.execute(espacoId)) return true;
      return encerrar.execute();
    },
  };
}
