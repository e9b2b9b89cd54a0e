import { setTimeout as sleep } from 'node:timers/promises';
import type { Death, Restartable } from './restartable.ts';

/** When a part that dies is started again, and when no more. */
export interface RestartPolicy {
  /** Wait before the first restart; each quick death doubles it. */
  readonly firstDelayMs: number;
  /** A part that dies sooner than this after its start has died quickly. */
  readonly quickMs: number;
  /** So many quick deaths in a row are restarted. */
  readonly quickDeaths: number;
}

/** Who is told what becomes of a part. */
export interface Witness {
  died(part: string, death: Death, delayMs: number): void;
  serving(part: string, ms: number): void;
}

const DEFAULT_POLICY: RestartPolicy = { firstDelayMs: 500, quickMs: 60_000, quickDeaths: 5 };

/** A part that does not stay up. */
export class GivenUpError extends Error {
  constructor(part: string, { how, output }: Death, deaths: number) {
    const times = deaths > 1 ? `${deaths} times in a row, at last with ` : 'by itself with ';
    super(`${part} ended ${times}${how}.${output ? ` Its last output:\n${output}` : ''}`);
    this.name = 'GivenUpError';
  }
}

/**
 * Starts a part again whenever it dies, as a cluster would, waiting longer after each quick death.
 *
 * @returns when the signal is aborted
 * @throws {GivenUpError} after too many quick deaths in a row, with how it died and what it said last.
 */
export async function keepAlive(
  name: string,
  part: Restartable,
  {
    witness,
    signal,
    policy = DEFAULT_POLICY,
  }: { witness: Witness; signal: AbortSignal; policy?: RestartPolicy },
): Promise<void> {
  let deaths = 0;
  for (;;) {
    const startedAt = performance.now();
    let death: Death | undefined = await part.death;
    if (performance.now() - startedAt >= policy.quickMs) deaths = 0;
    while (death) {
      if (signal.aborted) return;
      deaths += 1;
      if (deaths > policy.quickDeaths) throw new GivenUpError(name, death, deaths);
      const delayMs = policy.firstDelayMs * 2 ** (deaths - 1);
      witness.died(name, death, delayMs);
      await sleep(delayMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      death = await startAgain(name, part, witness);
    }
  }
}

/** How the start failed, if it did. */
async function startAgain(name: string, part: Restartable, witness: Witness): Promise<Death | undefined> {
  const begin = performance.now();
  try {
    await part.restart();
    witness.serving(name, performance.now() - begin);
    return undefined;
  } catch (error) {
    return {
      how: `a start that failed: ${error instanceof Error ? error.message : String(error)}`,
      output: '',
    };
  }
}
