import type { Exchange, Reply } from '../http/exchange.ts';
import { handledError } from '../http/kong-replies.ts';

/** The upstream could not be reached, broke the connection or stayed silent past its time. */
export class UpstreamError extends Error {
  readonly isTimeout: boolean;
  /** Nothing of the request can have reached the upstream, or it may reach it twice: nginx would send it again. */
  readonly isSafeToRetry: boolean;

  constructor(
    message: string,
    options: { isTimeout?: boolean; isSafeToRetry?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.isTimeout = options.isTimeout ?? false;
    this.isSafeToRetry = options.isSafeToRetry ?? false;
  }
}

/** Kong's page for an upstream that failed. */
export function upstreamErrorReply(exchange: Exchange, error: UpstreamError): Reply {
  return error.isTimeout
    ? handledError(exchange, 504, 'The upstream server is timing out')
    : handledError(exchange, 502, 'An invalid response was received from the upstream server');
}

/** Repeats an attempt that failed and is safe to repeat, up to `retries` more times. */
export async function withRetries<T>(retries: number, attempt: () => Promise<T>): Promise<T> {
  for (let left = retries; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.isSafeToRetry || left <= 0) throw error;
    }
  }
}
