import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { failureOf } from '../test/failure-of.ts';
import { type Listeners, startListeners } from '../test/listeners.ts';
import { rawCall, text } from '../test/raw-grpc.ts';
import { remainingMs } from './call-context.ts';

const DEFAULT_TIMEOUT_MS = 400;

let listeners: Listeners;
let signals: AbortSignal[] = [];

beforeAll(async () => {
  listeners = await startListeners({
    defaultTimeoutMs: DEFAULT_TIMEOUT_MS,
    impl: {
      ler({ value }, context) {
        signals.push(context.signal);
        if (value === 'restante') return { value: String(remainingMs(context)) };
        if (value === 'teimoso') return new Promise(() => undefined);
        return new Promise((_, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
        });
      },
      async *contar(_, { signal }) {
        signals.push(signal);
        yield { value: 1 };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
  });
});

beforeEach(() => {
  signals = [];
});

afterAll(() => listeners.close());

describe.each(['grpc', 'http'] as const)('a deadline on the %s listener', (which) => {
  const client = () => listeners[which];

  it('aborts the signal of a handler that hangs when the time of its client is up', async () => {
    const failure = await failureOf(client().ler({ value: 'teimoso' }, { timeoutMs: DEFAULT_TIMEOUT_MS }));
    expect(failure.code).toBe('DeadlineExceeded');
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
  });

  it('gives the handler the time the client allows, not the default', async () => {
    const reply = await client().ler({ value: 'restante' }, { timeoutMs: 3_000 });
    expect(Number(reply.value)).toBeGreaterThan(2_000);
    expect(Number(reply.value)).toBeLessThanOrEqual(3_000);
  });

  it('caps the time a client can ask for', async () => {
    const reply = await client().ler({ value: 'restante' }, { timeoutMs: 3_600_000 });
    expect(Number(reply.value)).toBeLessThanOrEqual(60_000);
  });

  it('aborts the signal of the handler when the client cancels', async () => {
    const controller = new AbortController();
    const call = client().ler({ value: 'paciente' }, { signal: controller.signal, timeoutMs: 30_000 });
    await eventually(() => expect(signals).toHaveLength(1));
    controller.abort();
    expect(await failureOf(call)).toMatchObject({ code: 'Canceled' });
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
    await eventually(() => {
      expect(listeners.logs.at(-1)).toMatchObject({ rpc: 'teste.v1.EcoService/Ler', code: 'canceled' });
    });
  });

  it('aborts a stream when its reader goes away', async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of client().contar({ value: 1 }, { signal: controller.signal })) controller.abort();
    })();
    expect(await failureOf(reading)).toMatchObject({ code: 'Canceled' });
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
  });

  it('rejects at once when the signal has fired already', async () => {
    const call = client().ler({ value: 'x' }, { signal: AbortSignal.abort() });
    await expect(call).rejects.toBeInstanceOf(ConnectError);
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(signals).toHaveLength(0);
  });
});

describe('the default deadline', () => {
  it('ends a call that hangs on the grpc listener, trailers-only and with a reason', async () => {
    const { headers, endedWithHeaders } = await rawCall(listeners.grpcPort, 'Ler', text('teimoso'));
    expect(headers).toMatchObject({ 'grpc-status': '4', 'x-erro-codigo': 'PRAZO_ESGOTADO' });
    expect(endedWithHeaders).toBe(true);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('ends a call that hangs on the HTTP listener with a reason', async () => {
    const failure = await failureOf(listeners.http.ler({ value: 'teimoso' }));
    expect(failure).toMatchObject({ code: 'DeadlineExceeded', motivo: 'PRAZO_ESGOTADO' });
  });
});
