const FIRST_WAIT_MS = 1_000;

/**
 * When to try again after so many failures in a row: about 1 s, 2 s, 4 s and so on. Never later than the full wait, and
 * up to half of it earlier, so that what failed together does not come back together.
 */
export function nextTry(now: Date, failures: number, maxMs: number): Date {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.max(failures - 1, 0), maxMs);
  return msLater(now, wait * (1 - Math.random() / 2));
}

/**
 * When to try again what has not been tried at all, because the other side is away: after as long again as it has waited,
 * so that nothing has to count.
 */
export function nextTryWhileAway(now: Date, since: Date, maxMs: number): Date {
  const wait = Math.max(now.getTime() - since.getTime(), FIRST_WAIT_MS);
  return msLater(now, Math.min(wait, maxMs) * (1 - Math.random() / 2));
}

/** The instant so many milliseconds later. */
export const msLater = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);
