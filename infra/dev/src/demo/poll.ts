import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until there is an answer other than undefined.
 *
 * @throws Error naming what was waited for when `timeoutMs` passes first.
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error(`${what} did not come within ${timeoutMs / 1000} s.`);
}
