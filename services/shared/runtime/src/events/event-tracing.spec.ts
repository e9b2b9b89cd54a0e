import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type Context,
  propagation,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { toNatsHeaders } from './event-message.ts';
import { withConsumerSpan } from './event-tracing.ts';

const producer = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, isRemote: true };
const meta = {
  id: 'ev-1',
  subject: 'reservas.v1.ReservaCriada',
  agregado: { tipo: 'Reserva', id: 'res_1', versao: 1 },
  ocorridoEm: new Date(0),
  entrega: 1,
};

describe('withConsumerSpan', () => {
  let started: { name: string; options: SpanOptions }[] = [];
  let log: unknown[] = [];

  beforeAll(() => {
    const span = {
      recordException: (error: unknown) => log.push(error),
      setStatus: ({ code }: { code: SpanStatusCode }) => log.push(code),
      end: () => log.push('end'),
    } as unknown as Span;
    const startSpan = (name: string, options: SpanOptions) => {
      started.push({ name, options });
      return span;
    };
    jest.spyOn(trace, 'getTracer').mockReturnValue({ startSpan } as unknown as Tracer);
    propagation.setGlobalPropagator({
      inject: () => undefined,
      extract: (context: Context, carrier, getter) =>
        getter.get(carrier, 'traceparent') ? trace.setSpanContext(context, producer) : context,
      fields: () => ['traceparent'],
    });
  });

  afterAll(() => {
    jest.restoreAllMocks();
    propagation.disable();
  });

  function reset(): void {
    started = [];
    log = [];
  }

  it('links the span to the publisher when the message carries its trace', async () => {
    reset();
    const headers = toNatsHeaders({ traceparent: '00-aa-bb-01' });
    await expect(withConsumerSpan('pagamentos', meta, headers, async () => 7)).resolves.toBe(7);
    expect(started).toMatchObject([
      {
        name: 'process reservas.v1.ReservaCriada',
        options: { kind: SpanKind.CONSUMER, links: [{ context: producer }] },
      },
    ]);
    expect(log).toEqual(['end']);
  });

  it('has no link when the message carries no trace', async () => {
    reset();
    await withConsumerSpan('pagamentos', meta, undefined, async () => undefined);
    expect(started).toMatchObject([{ options: { links: [] } }]);
  });

  it('marks the span as failed and passes the error on when the handler fails', async () => {
    reset();
    const error = new Error('x');
    await expect(withConsumerSpan('p', meta, undefined, () => Promise.reject(error))).rejects.toBe(error);
    expect(log).toEqual([error, SpanStatusCode.ERROR, 'end']);
  });
});
