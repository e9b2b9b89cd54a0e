import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadResult, summarize } from './stats.ts';

/** A load of so many calls a second; those that failed are in no time. */
export interface OpenResult extends LoadResult {
  readonly failed: number;
}

/** More calls than this under way at once means that the rate is beyond reach: later ones are not made, and have failed. */
const MAX_UNDER_WAY = 1_000;

/**
 * Begins `rate` calls a second, whether or not the ones before have been answered: a slow service does not get fewer
 * callers. Each is timed from its own beginning, so what keeps this process from beginning it in time is not in it.
 */
export async function runOpenLoad(options: {
  readonly rate: number;
  readonly seconds: number;
  readonly call: (n: number) => Promise<void>;
}): Promise<OpenResult> {
  const { rate, seconds, call } = options;
  const times: number[] = [];
  const underWay = new Set<Promise<void>>();
  let failed = 0;
  const one = async (n: number) => {
    const begin = performance.now();
    try {
      await call(n);
      times.push(performance.now() - begin);
    } catch (error) {
      // One of them says what went wrong; thousands would say the same.
      if (failed++ === 0) console.error(`bench: a call failed: ${error}`);
    }
  };
  const start = performance.now();
  for (let n = 0; n < rate * seconds; n++) {
    const early = start + (n * 1_000) / rate - performance.now();
    if (early > 1) await sleep(early);
    if (underWay.size >= MAX_UNDER_WAY) {
      failed++;
      continue;
    }
    const running: Promise<void> = one(n).finally(() => underWay.delete(running));
    underWay.add(running);
  }
  await Promise.all(underWay);
  return { ...summarize(times, (performance.now() - start) / 1_000), failed };
}
