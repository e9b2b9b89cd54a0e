import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { loggableError } from './loggable-error.ts';

export type { Logger };

const SECRET_KEYS = [
  'authorization',
  'cookie',
  'password',
  'senha',
  'senhaHash',
  'token',
  'accessToken',
  'refreshToken',
  'mfaToken',
  'segredo',
  'secret',
  'chavePrivada',
  'privateKey',
  'stripeSignature',
];

/**
 * A logger of JSON lines. Every line carries the service and, inside a span, `trace_id` and `span_id`; values under
 * names that hold secrets are replaced up to two levels deep.
 *
 * @param options.destination where lines go; standard output when left out.
 */
export function createLogger(options: {
  service: string;
  level?: string;
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    // Drivers put query parameters into their errors: people's data and hashes.
    serializers: { err: loggableError },
    mixin: traceIds,
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

function traceIds(): Record<string, string> {
  const span = trace.getSpan(context.active())?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
