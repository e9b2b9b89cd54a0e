import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';
import { type CumprirPrazosHandler, PRAZOS } from '../../application/commands/cumprir-prazos.ts';

interface Options {
  readonly cumprir: Pick<CumprirPrazosHandler, 'execute'>;
  readonly logger: Logger;
  /** Pause after a round. Default 1 s. */
  readonly pauseMs?: number;
}

/**
 * Looks for reservations that are due, round after round. Every replica runs one: they share the work by row locks.
 * A round that fails, because the database is away, is made again after the pause.
 */
export function prazosWorker({ cumprir, logger, pauseMs = 1_000 }: Options): Background {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round(cumprir, stopping.signal);
      } catch (error) {
        logger.error({ err: error }, 'could not do what is due, trying again');
      }
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
      await round(cumprir, stopping.signal);
      return false;
    },
  };
}

/** Batch after batch until nothing is due. */
async function round(cumprir: Options['cumprir'], signal: AbortSignal): Promise<void> {
  for (const prazo of PRAZOS) {
    let more = true;
    while (more && !signal.aborted) more = await cumprir.execute(prazo);
  }
}
