import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';
import { type CumprirPrazosHandler, PRAZOS } from '../application/cumprir-prazos.ts';
import type { Prazo } from '../domain/repositories.ts';

interface Options {
  readonly cumprir: Pick<CumprirPrazosHandler, 'execute'>;
  readonly logger: Logger;
  /** Pause after a round. Default 1 s. */
  readonly pauseMs?: number;
}

/**
 * Looks for reservations that are due, round after round. Every replica runs one: they share the work by row locks.
 * What fails, because the database is away, is tried again after the pause.
 */
export function prazosWorker({ cumprir, logger, pauseMs = 1_000 }: Options): Background {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const { prazo, erro } of await round(cumprir, stopping.signal))
        logger.error({ err: erro, prazo }, 'could not do what is due, trying again');
      await delay(pauseMs, stopping.signal);
    }
  }

  return {
    name: 'deadlines',
    start: async () => {
      loop ??= run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
    turn: async () => {
      const [falha] = await round(cumprir, stopping.signal);
      if (falha) throw falha.erro;
      return false;
    },
  };
}

/** Batch after batch until nothing is due. A kind of deadline that fails keeps none of the others waiting. */
async function round(
  cumprir: Options['cumprir'],
  signal: AbortSignal,
): Promise<Array<{ prazo: Prazo; erro: unknown }>> {
  const falhas: Array<{ prazo: Prazo; erro: unknown }> = [];
  for (const prazo of PRAZOS) {
    try {
      while (!signal.aborted && (await cumprir.execute(prazo)));
    } catch (erro) {
      falhas.push({ prazo, erro });
    }
  }
  return falhas;
}
