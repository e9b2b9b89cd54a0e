interface Window {
  startedAtMs: number;
  used: number;
}

/** Windows of clients that went away are dropped when this many are held. */
const MAX_WINDOWS = 50_000;

/** Fixed-window counters, aligned to the clock as Kong's `local` policy. They outlive a reload. */
export class RateLimitCounters {
  readonly #windows = new Map<string, Window>();

  /** Requests counted in the current window of `periodMs`. */
  used(key: string, periodMs: number, nowMs: number): number {
    const window = this.#windows.get(key);
    return window && window.startedAtMs === windowStart(nowMs, periodMs) ? window.used : 0;
  }

  increment(key: string, periodMs: number, nowMs: number): void {
    const startedAtMs = windowStart(nowMs, periodMs);
    const window = this.#windows.get(key);
    if (window?.startedAtMs === startedAtMs) window.used += 1;
    else this.#open(key, startedAtMs);
  }

  #open(key: string, startedAtMs: number): void {
    if (this.#windows.size >= MAX_WINDOWS) this.#windows.clear();
    this.#windows.set(key, { startedAtMs, used: 1 });
  }
}

/** Start of the window that holds `nowMs`. */
export function windowStart(nowMs: number, periodMs: number): number {
  return Math.floor(nowMs / periodMs) * periodMs;
}
