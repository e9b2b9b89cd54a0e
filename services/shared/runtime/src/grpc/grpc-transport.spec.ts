import { EventEmitter } from 'node:events';
import { createClient } from '@connectrpc/connect';
import { type Client, Metadata, status as Status } from '@grpc/grpc-js';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EcoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { grpcTransport, type TransportOptions } from './grpc-transport.ts';

const TEXT = Buffer.from([0x0a, 0x02, 0x6f, 0x69]);

/** A call as grpc-js makes it; the spec answers in the place of a server. */
class Call extends EventEmitter {
  readonly written: unknown[] = [];
  readonly replies: unknown[] = [];
  cancelled = 0;
  ended = 0;
  full = false;

  cancel(): void {
    this.cancelled += 1;
  }

  write(message: unknown): boolean {
    this.written.push(message);
    return !this.full;
  }

  end(): void {
    this.ended += 1;
  }

  readonly #over = Promise.withResolvers<void>();

  async *iterator(): AsyncGenerator<unknown> {
    yield* this.replies;
    await this.#over.promise;
  }

  /** The last event of every call. */
  finish(code: Status = Status.OK, details = ''): void {
    this.emit('status', { code, details, metadata: new Metadata() });
    this.#over.resolve();
  }
}

describe('grpcTransport', () => {
  let call: Call;
  let args: unknown[];

  beforeEach(() => {
    call = new Call();
    args = [];
  });

  const channel = {
    makeUnaryRequest(...given: unknown[]) {
      args = given;
      return call;
    },
    makeBidiStreamRequest(...given: unknown[]) {
      args = given;
      return call;
    },
  } as unknown as Client;

  const turn = () => new Promise(setImmediate);

  const client = (options: Partial<TransportOptions> = {}) =>
    createClient(EcoService, grpcTransport(channel, { timeoutMs: 7_000, ...options }));

  function answer(message?: unknown): void {
    const done = args.at(-1) as (err: unknown, message?: unknown) => void;
    const decode = args[2] as (bytes: Buffer) => unknown;
    done(null, message === undefined ? undefined : decode(message as Buffer));
  }

  describe('a call', () => {
    it('goes to its method with its message, and answers what comes', async () => {
      const reply = client().ler({ value: 'oi' });
      await turn();
      const [path, encode] = args as [string, (message: unknown) => Buffer];
      expect([path, encode(args[3])]).toEqual(['/teste.v1.EcoService/Ler', TEXT]);
      answer(TEXT);
      call.finish();
      expect((await reply).value).toBe('oi');
      expect(call.cancelled).toBe(0);
    });

    it.each([
      ['its own deadline', { timeoutMs: 50 }, 50],
      ['the one of the client when it says none', {}, 7_000],
    ])('has %s', async (_, options, expected) => {
      const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
      const reply = client().ler({ value: 'oi' }, options);
      await turn();
      now.mockRestore();
      expect(args[5]).toEqual({ deadline: 1_000_000 + expected });
      answer(TEXT);
      call.finish();
      await reply;
    });

    it('is cancelled when its signal fires, and has nothing to do with it once it is over', async () => {
      const caller = new AbortController();
      const failure = failureOf(client().ler({ value: 'oi' }, { signal: caller.signal }));
      await turn();
      caller.abort();
      expect(call.cancelled).toBe(1);
      call.finish(Status.CANCELLED, 'cancelled');
      expect(await failure).toMatchObject({ code: 'Canceled' });
      call = new Call();
      const other = new AbortController();
      const { signal } = other;
      const reply = client().ler({ value: 'oi' }, { signal });
      await turn();
      answer(TEXT);
      call.finish();
      await reply;
      other.abort();
      expect(call.cancelled).toBe(0);
    });

    it('is not made when its signal has fired', async () => {
      const signal = AbortSignal.abort();
      expect(await failureOf(client().ler({ value: 'oi' }, { signal }))).toMatchObject({ code: 'Canceled' });
      expect(args).toEqual([]);
    });

    it.each([
      ['a status that is none of success', Status.NOT_FOUND, true, 'NotFound'],
      ['success without a message', Status.OK, false, 'Internal'],
    ])('fails with %s', async (_, code, withMessage, expected) => {
      const failure = failureOf(client().ler({ value: 'oi' }));
      await turn();
      answer(withMessage ? TEXT : undefined);
      call.finish(code, 'não há');
      expect(await failure).toMatchObject({ code: expected, message: 'não há' });
    });
  });

  describe('a stream', () => {
    async function* numbers(...values: number[]) {
      for (const value of values) yield { value };
    }

    async function opened<T>(work: Promise<T>): Promise<Promise<T>> {
      await turn();
      call.emit('metadata', new Metadata());
      await turn();
      return work;
    }

    it('sends its messages, and ends with the last one', async () => {
      const sum = client().somar(numbers(1, 2));
      call.replies.push({ value: 3 });
      await turn();
      call.emit('metadata', new Metadata());
      await turn();
      call.finish();
      expect((await sum).value).toBe(3);
      expect(call.written).toEqual([
        expect.objectContaining({ value: 1 }),
        expect.objectContaining({ value: 2 }),
      ]);
      expect([call.ended, call.cancelled]).toEqual([1, 0]);
    });

    it('waits until there is room for the next message', async () => {
      call.full = true;
      const sum = client().somar(numbers(1, 2));
      call.replies.push({ value: 3 });
      await turn();
      await turn();
      expect(call.written).toHaveLength(1);
      call.full = false;
      call.emit('drain');
      await turn();
      expect([call.written.length, call.ended]).toEqual([2, 1]);
      call.emit('metadata', new Metadata());
      call.finish();
      await sum;
    });

    it('sends nothing more once the call is over', async () => {
      let made = 0;
      const way = Promise.withResolvers<void>();
      async function* slow() {
        made += 1;
        yield { value: 1 };
        await way.promise;
        made += 1;
        yield { value: 2 };
      }
      const failure = failureOf(client().somar(slow()));
      await turn();
      await turn();
      call.finish(Status.ABORTED, 'não');
      expect(await failure).toMatchObject({ code: 'Aborted' });
      way.resolve();
      await turn();
      expect([made, call.written.length, call.ended, call.cancelled]).toEqual([2, 1, 0, 0]);
    });

    it('is cancelled when what it sends fails, or its signal fires', async () => {
      async function* broken(): AsyncGenerator<{ value: number }> {
        yield { value: 1 };
        throw new TypeError('fonte secou');
      }
      const failure = client().somar(broken());
      const refused = expect(failure).rejects.toThrow('fonte secou');
      await turn();
      await turn();
      expect(call.cancelled).toBe(1);
      call.finish(Status.CANCELLED, 'cancelled');
      await refused;
      call = new Call();
      const caller = new AbortController();
      const cancelled = failureOf(client().somar(numbers(), { signal: caller.signal }));
      await turn();
      caller.abort();
      expect(call.cancelled).toBe(1);
      call.finish(Status.CANCELLED, 'cancelled');
      expect(await cancelled).toMatchObject({ code: 'Canceled' });
    });

    it('has nothing to do with its signal once it is over', async () => {
      const caller = new AbortController();
      const sum = client().somar(numbers(1), { signal: caller.signal });
      call.replies.push({ value: 1 });
      await turn();
      call.emit('metadata', new Metadata());
      call.finish();
      await sum;
      caller.abort();
      expect(call.cancelled).toBe(0);
    });

    it('is not opened when its signal has fired', async () => {
      const signal = AbortSignal.abort();
      expect(await failureOf(client().somar(numbers(1), { signal }))).toMatchObject({ code: 'Canceled' });
      expect(args).toEqual([]);
    });

    it('is cancelled when nobody reads on', async () => {
      call.replies.push({ value: 1 }, { value: 2 });
      const transport = grpcTransport(channel, { timeoutMs: 7_000 });
      const input = numbers(2) as never;
      const opening = transport.stream(EcoService.method.contar, undefined, undefined, undefined, input);
      const { message } = await opened(opening);
      for await (const _ of message) break;
      expect(call.cancelled).toBe(1);
    });

    it('fails with the status that comes after its messages', async () => {
      call.replies.push({ value: 1 });
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { value } of client().contar({ value: 2 })) {
          seen.push(value);
          call.finish(Status.ABORTED, 'parou');
        }
      })();
      const failure = failureOf(reading);
      await opened(Promise.resolve());
      expect(await failure).toMatchObject({ code: 'Aborted', message: 'parou' });
      expect([seen, call.cancelled]).toEqual([[1], 0]);
    });

    it('survives the error that comes beside its status', async () => {
      const failure = failureOf(client().somar(numbers(1)));
      await turn();
      call.emit('error', new Error('14 UNAVAILABLE'));
      call.finish(Status.UNAVAILABLE, 'fora do ar');
      expect(await failure).toMatchObject({ code: 'Unavailable', message: 'fora do ar' });
    });
  });
});
