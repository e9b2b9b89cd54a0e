import { setTimeout as sleep } from 'node:timers/promises';

/** How long and how often `eventually` tries. */
export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Repeats an assertion until it holds. The last failure is thrown when `timeoutMs` (default 10 s) is over; an attempt
 * that never settles counts as a failure too.
 */
export async function eventually(
  assertion: () => void | Promise<void>,
  { timeoutMs = 10_000, intervalMs = 25 }: EventuallyOptions = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await withDeadline(assertion, deadline, timeoutMs);
    } catch (error) {
      if (Date.now() + intervalMs >= deadline) throw error;
    }
    await sleep(intervalMs);
  }
}

async function withDeadline(assertion: () => void | Promise<void>, deadline: number, timeoutMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    const expire = () => reject(new Error(`The assertion did not settle within ${timeoutMs} ms.`));
    timer = setTimeout(expire, Math.max(deadline - Date.now(), 0));
  });
  try {
    await Promise.race([assertion(), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
