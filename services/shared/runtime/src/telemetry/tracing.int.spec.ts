import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { failureOf } from '../../test/failure-of.ts';
import { type Listeners, startListeners } from '../../test/listeners.ts';
import { rpcError } from '../errors/errors.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const headers = { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` };

type SpanProcessor = NonNullable<
  NonNullable<ConstructorParameters<typeof NodeSDK>[0]>['spanProcessors']
>[number];
type Span = Parameters<SpanProcessor['onEnd']>[0];

const spans: Span[] = [];
const collector: SpanProcessor = {
  onStart: () => undefined,
  onEnd: (span) => void spans.push(span),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const sdk = new NodeSDK({ spanProcessors: [collector], autoDetectResources: false, instrumentations: [] });
let listeners: Listeners;

beforeAll(async () => {
  sdk.start();
  listeners = await startListeners({
    impl: {
      ler({ value }) {
        if (value === 'defeito') throw new Error('x');
        const code = Code[value as keyof typeof Code];
        if (code !== undefined) throw rpcError(code, 'RECUSADO', 'Não.');
        if (value === 'ausente') throw rpcError(Code.NotFound, 'ESPACO_NAO_ENCONTRADO', 'Não há.');
        return { value };
      },
    },
  });
});

beforeEach(() => {
  spans.length = 0;
});

afterAll(async () => {
  await listeners.close();
  await sdk.shutdown();
  // It stays registered for the specs that share this process.
  for (const api of [trace, context, propagation]) api.disable();
});

describe('tracing on the HTTP listener', () => {
  it('continues the trace of the caller and writes it into the log line', async () => {
    await listeners.http.ler({ value: 'x' }, { headers });
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({
      name: 'teste.v1.EcoService/Ler',
      kind: SpanKind.SERVER,
      parentSpanContext: { spanId: PARENT_ID },
      attributes: { 'rpc.service': 'teste.v1.EcoService', 'rpc.method': 'Ler' },
    });
    expect(listeners.logs.at(-1)).toMatchObject({
      msg: 'rpc',
      trace_id: TRACE_ID,
      span_id: spans[0]?.spanContext().spanId,
    });
  });

  it('marks the span as failed for a fault of ours, not for an answer the caller had coming', async () => {
    await failureOf(listeners.http.ler({ value: 'defeito' }));
    await failureOf(listeners.http.ler({ value: 'ausente' }));
    expect(spans.map((span) => span.status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
  });

  it.each([
    ['Unknown', SpanStatusCode.ERROR],
    ['DeadlineExceeded', SpanStatusCode.ERROR],
    ['Unimplemented', SpanStatusCode.ERROR],
    ['Internal', SpanStatusCode.ERROR],
    ['Unavailable', SpanStatusCode.ERROR],
    ['DataLoss', SpanStatusCode.ERROR],
    ['Canceled', SpanStatusCode.UNSET],
    ['InvalidArgument', SpanStatusCode.UNSET],
    ['Aborted', SpanStatusCode.UNSET],
  ])('takes %s for what it is', async (value, status) => {
    await failureOf(listeners.http.ler({ value }));
    expect(spans).toMatchObject([
      { status: { code: status }, attributes: { 'rpc.grpc.status_code': Code[value as keyof typeof Code] } },
    ]);
  });

  it('says of a call that succeeds that it did', async () => {
    await listeners.http.ler({ value: 'x' });
    expect(spans).toMatchObject([
      { status: { code: SpanStatusCode.UNSET }, attributes: { 'rpc.grpc.status_code': 0 } },
    ]);
  });
});
