import { stdSerializers } from 'pino';

/**
 * What may be logged of an error: type, message, stack (those of its causes included) and code. Its other
 * properties may not: the ORM and the driver hang the parameters of the failed query onto theirs, and with them
 * passwords, tokens and personal data.
 */
export function loggableError(err: unknown): unknown {
  if (!(err instanceof Error)) return err;
  const { type, message, stack, code } = stdSerializers.err(err);
  return { type, message, stack, code };
}
