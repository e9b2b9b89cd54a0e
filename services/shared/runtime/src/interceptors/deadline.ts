import { Code, ConnectError, type UnaryRequest } from '@connectrpc/connect';
import type { Logger } from 'pino';
import { genericError } from '../errors/errors.ts';
import { deadlineOf, setDeadline } from '../rpc/call-context.ts';
import { withinTime } from '../rpc/call-time.ts';
import { methodName, type UnaryInterceptor } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';

/** No call is worked on for longer than this, whatever its client asks for. */
const MAX_TIMEOUT_MS = 60_000;

/**
 * Answers DEADLINE_EXCEEDED or CANCELED as soon as the time is up or the client has gone, even if the handler
 * hangs; the handler's signal fires at the same moment.
 */
export function deadline({
  defaultTimeoutMs,
  logger,
}: {
  defaultTimeoutMs: number;
  logger: Logger;
}): UnaryInterceptor {
  return (next) => (req) => {
    const now = Date.now();
    const wanted = deadlineOf(req.contextValues);
    const until = Number.isFinite(wanted) ? Math.min(wanted, now + MAX_TIMEOUT_MS) : now + defaultTimeoutMs;
    setDeadline(req.contextValues, until);
    const timed: typeof next = (request) => withinTime({ since: now, until }, () => next(request));
    return race(req, until - now, timed, (err) => {
      logger.warn(
        { err: loggableError(err), rpc: methodName(req.method) },
        'rpc failed after it had been answered',
      );
    });
  };
}

function race<T>(
  req: UnaryRequest,
  timeoutMs: number,
  next: (req: UnaryRequest) => Promise<T>,
  onLateFailure: (err: unknown) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let settled = false;
    const settle = () => {
      settled = true;
      clearTimeout(timer);
      req.signal.removeEventListener('abort', onAbort);
    };
    const giveUp = (err: ConnectError) => {
      settle();
      controller.abort(err);
      reject(err);
    };
    const onAbort = () => giveUp(abortError(req.signal));
    const timer = setTimeout(() => giveUp(genericError(Code.DeadlineExceeded)), Math.max(0, timeoutMs));
    if (req.signal.aborted) return onAbort();
    req.signal.addEventListener('abort', onAbort);
    next({ ...req, signal: controller.signal }).then(
      (value) => {
        settle();
        resolve(value);
      },
      (err) => {
        if (settled) {
          if (err !== controller.signal.reason) onLateFailure(err);
          return;
        }
        settle();
        reject(err);
      },
    );
  });
}

function abortError({ reason }: AbortSignal): ConnectError {
  const expired = reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
  return genericError(expired ? Code.DeadlineExceeded : Code.Canceled, reason);
}
