const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const ends: (() => Promise<void>)[] = [];
let ending: Promise<unknown> | undefined;

/**
 * For a globalSetup: what it has begun is ended by the globalTeardown, and also when the run is interrupted, of which jest
 * tells nobody. `end` may be called once only.
 */
export function endsWithTheRun(end: () => Promise<void>): void {
  if (ends.length === 0) for (const signal of SIGNALS) process.on(signal, interrupt);
  ends.push(end);
}

/** jest's globalTeardown: ends all that was begun; everybody waits for the same end, however often it is asked for. */
export default async function endAll(): Promise<void> {
  ending ??= Promise.all(ends.map((end) => end()));
  await ending;
  for (const signal of SIGNALS) process.off(signal, interrupt);
}

/** The signal does what it would have done, afterwards. */
async function interrupt(signal: NodeJS.Signals): Promise<void> {
  await endAll();
  process.kill(process.pid, signal);
}
