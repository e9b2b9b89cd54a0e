/** What shells answer for a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** For programs with something to stop: aborted when this process is asked to end; asking once more changes nothing. */
export function interruption(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());
  return asked.signal;
}
