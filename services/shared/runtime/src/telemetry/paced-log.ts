import type { Logger } from 'pino';

/** Warns of one thing that has happened; the fields are fixed words that tell its kinds apart. */
export type PacedLog = (fields: Readonly<Record<string, string>>) => void;

const INTERVAL_MS = 60_000;
/** More are no kinds: they share a line. */
const MAX_KINDS = 100;

/**
 * A warning that strangers can cause as often as they like, and must not fill the log by: of each kind the first one is told at once,
 * then a line a minute with how many there were (`vezes`). Count them besides: what has not been told when the process ends is not.
 */
export function createPacedLog(logger: Logger, message: string, intervalMs = INTERVAL_MS): PacedLog {
  const untold = new Map<string, number>();
  return (fields) => {
    const kind = JSON.stringify(fields);
    const known = untold.has(kind) || untold.size < MAX_KINDS;
    const key = known ? kind : '';
    const waiting = untold.get(key);
    if (waiting !== undefined) return void untold.set(key, waiting + 1);
    tell(key, known ? fields : {}, 1);
  };

  function tell(key: string, fields: Readonly<Record<string, string>>, vezes: number): void {
    logger.warn({ ...fields, vezes }, message);
    untold.set(key, 0);
    setTimeout(() => {
      const since = untold.get(key) ?? 0;
      if (since > 0) tell(key, fields, since);
      else untold.delete(key);
    }, intervalMs).unref();
  }
}
