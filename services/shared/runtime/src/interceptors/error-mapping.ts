import { Code, type ConnectError, type UnaryRequest } from '@connectrpc/connect';
import type { Logger } from 'pino';
import { naming } from '../errors/error-details.ts';
import { toConnectError } from '../errors/errors.ts';
import { requestIdOf } from '../rpc/call-context.ts';
import { methodName, type UnaryInterceptor } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';

/**
 * Turns whatever a handler throws into what the caller may see, and logs what the caller may not: the original
 * error with its stack for faults, its message for a dependency that cannot be reached.
 */
export function errorMapping({ logger }: { logger: Logger }): UnaryInterceptor {
  return (next) => async (req) => {
    try {
      return await next(req);
    } catch (err) {
      throw mapped(err, req, logger);
    }
  };
}

function mapped(err: unknown, req: UnaryRequest, logger: Logger): ConnectError {
  const requestId = requestIdOf({ values: req.contextValues });
  const error = naming(toConnectError(err), requestId);
  const fields = { rpc: methodName(req.method), requestId };
  if (error.code === Code.Internal || error.code === Code.Unknown || error.code === Code.DataLoss) {
    logger.error({ ...fields, err: loggableError(error.cause ?? error) }, 'rpc failed unexpectedly');
  } else if (error.code === Code.Unavailable) {
    logger.warn({ ...fields, cause: reasonOf(error) }, 'rpc failed: a dependency is unavailable');
  }
  return error;
}

/** Drivers put the address into the message (`connect ECONNREFUSED 127.0.0.1:5432`): that is what one needs. */
function reasonOf({ cause, rawMessage }: ConnectError): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : rawMessage;
}
