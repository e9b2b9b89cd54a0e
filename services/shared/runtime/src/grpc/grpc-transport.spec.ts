import { EventEmitter } from 'node:events';
import { createClient } from '@connectrpc/connect';
import { type Client, Metadata, status as Status } from '@grpc/grpc-js';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EcoService, FluxoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { grpcTransport, type TransportOptions } from './grpc-transport.ts';

const TEXT = Buffer.from([0x0a, 0x02, 0x6f, 0x69]);

/** A call as grpc-js makes it; the spec answers in the place of a server. */
class Call extends EventEmitter {
  cancelled = 0;

  cancel(): void {
    this.cancelled += 1;
  }

  /** The last event of every call. */
  finish(code: Status = Status.OK, details = ''): void {
    this.emit('status', { code, details, metadata: new Metadata() });
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

  it('is no client of a stream', () => {
    const transport = grpcTransport(channel, { timeoutMs: 7_000 });
    const ecoar = FluxoService.method.ecoar;
    const open = () => transport.stream(ecoar, undefined, undefined, undefined, {} as never);
    expect(open).toThrow('/teste.v1.FluxoService/Ecoar streams');
    expect(args).toEqual([]);
  });
});
