/** What a load came to. Times in milliseconds. */
export interface LoadResult {
  readonly calls: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Runs `callers` callers side by side; each takes the next piece of work until there is none or the time is over. */
export async function runLoad<T>(options: {
  readonly callers: number;
  readonly work: Iterator<T>;
  readonly seconds: number;
  readonly call: (item: T) => Promise<void>;
}): Promise<LoadResult> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + options.seconds * 1_000;
  const caller = async () => {
    while (performance.now() < end) {
      const next = options.work.next();
      if (next.done) return;
      const begin = performance.now();
      await options.call(next.value);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: options.callers }, caller));
  return summarize(times, (performance.now() - start) / 1_000);
}

/** @param times one a call, in milliseconds. */
export function summarize(times: readonly number[], seconds: number): LoadResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    calls: times.length,
    seconds: round(seconds),
    perSecond: round(times.length / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}

/** The middle one of an odd number of results, by throughput. */
export function median(results: readonly LoadResult[]): LoadResult {
  return middle(results, ({ perSecond }) => perSecond);
}

/** The middle one of an odd number of values, by a number of theirs. */
export function middle<T>(values: readonly T[], by: (value: T) => number): T {
  return values.toSorted((a, b) => by(a) - by(b))[Math.floor(values.length / 2)] as T;
}

/** To so many digits behind the point. */
export function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
