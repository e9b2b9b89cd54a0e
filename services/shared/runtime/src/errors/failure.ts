import { Code } from '@connectrpc/connect';

/** How many `cause` / `driverError` links are followed: drivers and the ORM wrap what really happened. */
const MAX_DEPTH = 5;

const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  // sockets and DNS
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  // opossum: circuit open, shut down, too many at once
  'EOPENBREAKER',
  'ESHUTDOWN',
  'ESEMLOCKED',
  // PostgreSQL: too many connections, shutting down or starting
  '53300',
  '57P01',
  '57P02',
  '57P03',
]);

/** PostgreSQL: statement or lock timeout. */
const TIMEOUT_CODES: ReadonlySet<string> = new Set(['57014', '55P03']);

const UNAVAILABLE_NAMES: ReadonlySet<string> = new Set([
  'IdsUnavailableError',
  'PersonalKeysUnavailableError',
  'MaxRetriesPerRequestError',
]);

/** pg, pg-pool and ioredis give some connection failures no code, only these texts. */
const UNAVAILABLE_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Connection is closed|Stream isn't writeable|Command timed out|NOREPLICAS |READONLY |LOADING )/;

/** PostgreSQL: serialization failure and deadlock; the transaction left nothing behind. */
const CONFLICT_CODES: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * Status code of an error that did not come from a handler's own decision: UNAVAILABLE when a dependency cannot
 * be reached, ABORTED when the database gave up a transaction, CANCELED or DEADLINE_EXCEEDED when a signal
 * fired, INTERNAL for the rest.
 */
export function classifyFailure(err: unknown): Code {
  for (const error of causes(err)) {
    const code = classifyOne(error);
    if (code !== undefined) return code;
  }
  return Code.Internal;
}

/** Whether PostgreSQL gave up a statement because it, or its wait for a lock, took too long. */
export function isDatabaseTimeout(err: unknown): boolean {
  return [...causes(err)].some((error) => TIMEOUT_CODES.has(codeOf(error)));
}

function* causes(err: unknown): Generator<Error> {
  let current = err;
  for (let depth = 0; depth < MAX_DEPTH && current instanceof Error; depth += 1) {
    yield current;
    current = 'driverError' in current ? current.driverError : current.cause;
  }
}

function classifyOne(err: Error): Code | undefined {
  if (err.name === 'AbortError') return Code.Canceled;
  if (err.name === 'TimeoutError') return Code.DeadlineExceeded;
  if (UNAVAILABLE_NAMES.has(err.name)) return Code.Unavailable;
  const code = codeOf(err);
  // SQLSTATE class 08: connection exception
  if (UNAVAILABLE_CODES.has(code) || TIMEOUT_CODES.has(code) || /^08[0-9A-Z]{3}$/.test(code))
    return Code.Unavailable;
  if (CONFLICT_CODES.has(code)) return Code.Aborted;
  return UNAVAILABLE_TEXT.test(err.message) ? Code.Unavailable : undefined;
}

function codeOf(err: Error): string {
  return 'code' in err && typeof err.code === 'string' ? err.code : '';
}
