import { Code, ConnectError, type UnaryRequest, type UnaryResponse } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EcoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { callValues } from '../rpc/call-context.ts';
import type { UnaryInterceptor } from '../rpc/rpc.ts';
import { createLogger } from '../telemetry/logger.ts';
import { deadline } from './deadline.ts';

type Handler = (signal: AbortSignal) => Promise<UnaryResponse>;

const ANSWER = { stream: false } as UnaryResponse;

describe('the deadline of a call', () => {
  let logs: { rpc: string; err: { message: string } }[];
  let client: AbortController;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    logs = [];
    client = new AbortController();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** A call without a deadline of its own: it has a second. */
  function call(handle: Handler) {
    const destination = { write: (line: string) => void logs.push(JSON.parse(line)) };
    const logger = createLogger({ service: 'teste', destination });
    const { ler } = EcoService.method;
    const request = { stream: false, method: ler, contextValues: callValues(''), signal: client.signal };
    const next: Parameters<UnaryInterceptor>[0] = ({ signal }) => handle(signal);
    return deadline({ defaultTimeoutMs: 1_000, logger })(next)(request as unknown as UnaryRequest);
  }

  it('leaves nothing behind once the call is answered, well or not', async () => {
    const signals: AbortSignal[] = [];
    const handle =
      (answer: Promise<UnaryResponse>): Handler =>
      (signal) => {
        signals.push(signal);
        return answer;
      };
    expect(await call(handle(Promise.resolve(ANSWER)))).toBe(ANSWER);
    await expect(call(handle(Promise.reject(new Error('refused'))))).rejects.toThrow('refused');
    expect(jest.getTimerCount()).toBe(0);
    client.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    expect(logs).toEqual([]);
  });

  it('is over before the handler is called when the client is gone already', async () => {
    let calls = 0;
    client.abort();
    const gone = call(async () => {
      calls += 1;
      return ANSWER;
    });
    expect(await failureOf(gone)).toMatchObject({ code: 'Canceled' });
    expect([calls, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it.each([
    ['DeadlineExceeded', new ConnectError('its time is up', Code.DeadlineExceeded)],
    ['Canceled', new ConnectError('it went away', Code.Canceled)],
    ['Canceled', new Error('the connection broke')],
  ])('is answered %s when the client ends it: %s', async (code, reason) => {
    const ended = failureOf(call(() => new Promise(() => undefined)));
    client.abort(reason);
    expect(await ended).toMatchObject({ code });
  });

  it('tells in the log what a handler fails with when the call was answered already', async () => {
    const end = Promise.withResolvers<UnaryResponse>();
    const late = failureOf(call(() => end.promise));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await late).toMatchObject({ code: 'DeadlineExceeded' });
    end.reject(new Error('the database is gone'));
    await jest.advanceTimersByTimeAsync(0);
    expect(logs).toMatchObject([
      { rpc: 'teste.v1.EcoService/Ler', err: { message: 'the database is gone' } },
    ]);
  });

  it.each([
    ['gives up as it was told', (reason: unknown) => Promise.reject(reason)],
    ['ends well', () => Promise.resolve(ANSWER)],
  ])('tells nothing when a handler %s', async (_, end) => {
    const late = failureOf(
      call(
        (signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve(end(signal.reason)));
          }),
      ),
    );
    await jest.advanceTimersByTimeAsync(999);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(await late).toMatchObject({ code: 'DeadlineExceeded' });
    expect(logs).toEqual([]);
  });
});
