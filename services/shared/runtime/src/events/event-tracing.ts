import type { MsgHdrs } from '@nats-io/transport-node';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import type { EventMeta } from './event-message.ts';

const getter: TextMapGetter<MsgHdrs | undefined> = {
  keys: (headers) => headers?.keys() ?? [],
  get: (headers, key) => headers?.get(key) || undefined,
};

/**
 * Runs a handler inside a consumer span. The span starts a trace of its own, linked to the publisher's: a retry hours
 * later does not belong to the request that made the event, but the way back to it is kept.
 */
export async function withConsumerSpan<T>(
  durable: string,
  meta: EventMeta,
  headers: MsgHdrs | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const producer = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers, getter));
  const span = trace.getTracer('@plataforma/runtime').startSpan(
    `process ${meta.subject}`,
    {
      kind: SpanKind.CONSUMER,
      links: producer ? [{ context: producer }] : [],
      attributes: {
        'messaging.system': 'nats',
        'messaging.operation.type': 'process',
        'messaging.destination.name': meta.subject,
        'messaging.consumer.group.name': durable,
        'messaging.message.id': meta.id,
      },
    },
    ROOT_CONTEXT,
  );
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
