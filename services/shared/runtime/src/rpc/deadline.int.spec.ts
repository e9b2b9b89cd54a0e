import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { frame } from '@plataforma/testing/fuzz/calls';
import { failureOf } from '../../test/failure-of.ts';
import { type Listeners, startListeners } from '../../test/listeners.ts';
import { rawCall, text } from '../../test/raw-grpc.ts';
import { remainingMs } from './call-context.ts';

const DEFAULT_TIMEOUT_MS = 400;

let listeners: Listeners;
let signals: AbortSignal[] = [];
/** Generators that have been brought to their end. */

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
    },
  });
});

beforeEach(() => {
  signals = [];
});

afterAll(() => listeners.close());

/** What a client without a clock of its own is answered, however late its call gets there. */
const answer = {
  async grpc(value: string, timeout: string): Promise<string | undefined> {
    const { headers } = await rawCall(listeners.grpcPort, 'Ler', text(value), { 'grpc-timeout': timeout });
    return headers['grpc-status'] as string | undefined;
  },
  async http(value: string, timeout: string): Promise<string> {
    const headers = { 'content-type': 'application/json', 'connect-timeout-ms': timeout.slice(0, -1) };
    const { code } = JSON.parse(await post(headers, JSON.stringify(value)));
    return code;
  },
};

async function post(
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const url = `http://127.0.0.1:${listeners.httpPort}/teste.v1.EcoService/Ler`;
  return (await fetch(url, { method: 'POST', headers, body })).text();
}

describe.each(['grpc', 'http'] as const)('a deadline on the %s listener', (which) => {
  const client = () => listeners[which];

  it('aborts the signal of a handler that hangs when the time of its client is up', async () => {
    expect(await answer[which]('teimoso', '100m')).toBe(which === 'grpc' ? '4' : 'deadline_exceeded');
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
  });

  it('gives the handler the time the client allows, not the default', async () => {
    const reply = await client().ler({ value: 'restante' }, { timeoutMs: 40_000 });
    expect(Number(reply.value)).toBeGreaterThan(20_000);
    expect(Number(reply.value)).toBeLessThanOrEqual(40_000);
  });

  it('caps the time a client can ask for', async () => {
    const reply = await client().ler({ value: 'restante' }, { timeoutMs: 3_600_000 });
    expect(Number(reply.value)).toBeGreaterThan(40_000);
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

  it('rejects at once when the signal has fired already', async () => {
    const call = client().ler({ value: 'x' }, { signal: AbortSignal.abort() });
    await expect(call).rejects.toBeInstanceOf(ConnectError);
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(signals).toHaveLength(0);
  });
});

describe('a client that would wait for years', () => {
  it.each(['9999999999', '2147483648'])('is answered over Connect, %s ms', async (timeout) => {
    const headers = { 'content-type': 'application/json', 'connect-timeout-ms': timeout };
    expect(await post(headers, '"restante"')).toMatch(/^"(60000|[45]\d{4})"$/);
  });

  it.each(['99999999H', '99999999S', '720H'])('is answered over gRPC and gRPC-Web, %s', async (timeout) => {
    const { data } = await rawCall(listeners.grpcPort, 'Ler', text('restante'), { 'grpc-timeout': timeout });
    expect(data.toString()).toMatch(/(60000|[45]\d{4})$/);
    const headers = { 'content-type': 'application/grpc-web+proto', 'grpc-timeout': timeout };
    expect(await post(headers, new Uint8Array(frame(text('restante'))))).toMatch(/(60000|[45]\d{4})/);
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
