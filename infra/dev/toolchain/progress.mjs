/*
 * Everything about the set-up goes to stderr: stdout belongs to the task that follows.
 */

/**
 * Shows that `work` is under way and how long it took. On a terminal the seconds count in place; elsewhere a sign of
 * life is written every half minute, so that a log does not look stuck.
 *
 * @template T
 * @param {string} title what is being done
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  const terminal = process.stderr.isTTY === true;
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(terminal ? 0 : 1)} s`;
  process.stderr.write(terminal ? `${title} ...` : `${title} ...\n`);
  const tick = () =>
    process.stderr.write(terminal ? `\r\x1b[K${title} ... ${elapsed()}` : `  still at it, ${elapsed()}\n`);
  const timer = setInterval(tick, terminal ? 1_000 : 30_000);
  try {
    const result = await work();
    process.stderr.write(`${terminal ? `\r\x1b[K${title}: ` : '  '}done in ${elapsed()}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`${terminal ? `\r\x1b[K${title}: ` : '  '}failed after ${elapsed()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** One line for the person who waits. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
