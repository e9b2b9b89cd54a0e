import { EventEmitter } from 'node:events';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Int32ValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EcoService, ecoService, FluxoService, fluxoService, SomaService } from '../../test/eco-service.ts';
import { rpcError } from '../errors/errors.ts';
import { rpcService } from '../rpc/rpc.ts';
import { type AdapterOptions, grpcDefinition, grpcImplementation } from './grpc-adapter.ts';

const text = (value: string) =>
  Buffer.from(toBinary(StringValueSchema, create(StringValueSchema, { value })));
const number = (value: number) =>
  Buffer.from(toBinary(Int32ValueSchema, create(Int32ValueSchema, { value })));
const MALFORMED = Buffer.from([0x0a, 0xff]);

/** A call as grpc-js hands it over; the spec is its client. */
class Call extends EventEmitter {
  readonly metadata = new Metadata();
  readonly request: Buffer;
  readonly requests: Buffer[];
  readonly sent: unknown[] = [];
  full = false;

  constructor(...requests: Buffer[]) {
    super();
    this.requests = requests;
    this.request = requests[0] ?? Buffer.alloc(0);
    this.on('error', (status) => this.sent.push(['error', status]));
  }

  getDeadline = () => Number.POSITIVE_INFINITY;
  getPeer = () => '127.0.0.1';
  getHost = () => 'localhost';
  getPath = () => '/';
  sendMetadata = (metadata: Metadata) => void this.sent.push(['header', metadata.getMap()]);
  end = (trailer?: Metadata) => void this.sent.push(['end', trailer?.getMap()]);

  write(bytes: Buffer): boolean {
    this.sent.push(fromBinary(Int32ValueSchema, bytes).value);
    return !this.full;
  }

  async *iterator(): AsyncGenerator<Buffer> {
    yield* this.requests;
  }
}

describe('grpcDefinition', () => {
  it('tells what streams, and leaves messages as they are', () => {
    const definition = grpcDefinition(EcoService);
    const { Contar, Ecoar } = grpcDefinition(FluxoService);
    expect([definition.Ler, Contar, Ecoar]).toMatchObject([
      { path: '/teste.v1.EcoService/Ler', requestStream: false, responseStream: false },
      { path: '/teste.v1.FluxoService/Contar', requestStream: false, responseStream: true },
      { path: '/teste.v1.FluxoService/Ecoar', requestStream: true, responseStream: true },
    ]);
    const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } =
      definition.Ler as never;
    for (const pass of [requestSerialize, requestDeserialize, responseSerialize, responseDeserialize])
      expect((pass as (bytes: Buffer) => Buffer)(MALFORMED)).toBe(MALFORMED);
  });
});

describe('grpcImplementation', () => {
  let rejected: unknown[];

  beforeEach(() => {
    rejected = [];
  });

  type Handler = (call: Call, callback?: (...answer: unknown[]) => void) => void;

  function handlerOf(
    name: string,
    impl: Parameters<typeof ecoService>[0] = {},
    options: Partial<AdapterOptions> = {},
  ): Handler {
    const onRejected = (method: { name: string }, err: unknown) => void rejected.push([method.name, err]);
    const implementation = grpcImplementation(ecoService(impl), { interceptors: [], onRejected, ...options });
    return implementation[name] as unknown as Handler;
  }

  function streamOf(
    name: 'Contar' | 'Ecoar',
    impl: Parameters<typeof fluxoService>[0] = {},
    options: Partial<AdapterOptions> = {},
  ): Handler {
    const implementation = grpcImplementation(fluxoService(impl), { interceptors: [], ...options });
    return implementation[name] as unknown as Handler;
  }

  /** The answer of a call that has one. */
  const answer = (handler: Handler, call: Call) =>
    new Promise<{ error: StatusObject | null; bytes?: Buffer; trailer?: Metadata }>((resolve) => {
      handler(call, (error, bytes, trailer) => resolve({ error, bytes, trailer } as never));
    });

  const turn = () => new Promise(setImmediate);

  const noted = ({ responseHeader, responseTrailer }: HandlerContext) => {
    responseHeader.set('x-antes', '1');
    responseTrailer.set('x-depois', '2');
  };

  describe('of a call', () => {
    it('answers with headers and trailers', async () => {
      const call = new Call(text('oi'));
      const ler = handlerOf('Ler', {
        ler({ value }, context) {
          noted(context);
          return { value: `${value}!` };
        },
      });
      const { error, bytes, trailer } = await answer(ler, call);
      expect([error, bytes]).toEqual([null, text('oi!')]);
      expect([call.sent, trailer?.getMap()]).toEqual([[['header', { 'x-antes': '1' }]], { 'x-depois': '2' }]);
      expect([call.listenerCount('cancelled'), rejected]).toEqual([0, []]);
    });

    it('answers a failure without headers, and leaves it to the interceptors to tell of it', async () => {
      const call = new Call(text('oi'));
      const ler = handlerOf('Ler', {
        ler(_, context) {
          noted(context);
          throw rpcError(Code.NotFound, 'SEM_NADA', 'Não há.');
        },
      });
      const { error } = await answer(ler, call);
      expect(error).toMatchObject({ code: Code.NotFound, details: 'Não há.' });
      expect(error?.metadata.get('x-depois')).toEqual(['2']);
      expect([call.sent, call.listenerCount('cancelled'), rejected]).toEqual([[], 0, []]);
    });

    it.each([
      ['bytes that are no message', MALFORMED, 'x', Code.InvalidArgument],
      ['an answer over the limit', text('oi'), 'a'.repeat(4 * 1024 * 1024), Code.ResourceExhausted],
    ])('tells of %s, which no interceptor sees', async (_, request, value, code) => {
      const call = new Call(request);
      const { error } = await answer(handlerOf('Ler', { ler: () => ({ value }) }), call);
      expect(error).toMatchObject({ code });
      expect(rejected).toEqual([['Ler', expect.any(ConnectError)]]);
      expect(call.sent).toEqual([]);
    });

    it('takes a request as large as it is told', async () => {
      const ler = handlerOf('Ler', {}, { maxRequestBytes: 10 });
      expect((await answer(ler, new Call(text('a'.repeat(8))))).error).toBeNull();
      expect((await answer(ler, new Call(text('a'.repeat(9))))).error).not.toBeNull();
    });

    it('ends the work when its client goes away', async () => {
      const call = new Call(text('oi'));
      const gone = Promise.withResolvers<unknown>();
      const ler = handlerOf('Ler', {
        async ler(_, { signal }) {
          signal.addEventListener('abort', () => gone.resolve(signal.reason));
          throw await gone.promise;
        },
      });
      const answered = answer(ler, call);
      await turn();
      call.emit('cancelled');
      expect((await answered).error).toMatchObject({ code: Code.Canceled });
    });
  });

  it('serves no stream of requests with one answer: no contract has that', () => {
    const soma = rpcService(SomaService, { acesso: { somar: 'PUBLICO' }, impl: {} });
    expect(() => grpcImplementation(soma, { interceptors: [] })).toThrow(
      'Somar is of a kind that is not served',
    );
  });

  describe('of a stream of answers', () => {
    it('sends the headers with the first, and the trailers after the last', async () => {
      const call = new Call(number(2));
      streamOf('Contar', {
        async *contar({ value }, context) {
          noted(context);
          for (let one = 1; one <= value; one += 1) yield { value: one };
        },
      })(call);
      await turn();
      expect(call.sent).toEqual([['header', { 'x-antes': '1' }], 1, 2, ['end', { 'x-depois': '2' }]]);
      expect(call.listenerCount('cancelled')).toBe(0);
    });

    it('sends the headers also where there is no answer', async () => {
      const call = new Call(number(0));
      streamOf('Contar', {
        // biome-ignore lint/correctness/useYield: there is nothing to answer
        async *contar(_, context) {
          noted(context);
        },
      })(call);
      await turn();
      expect(call.sent).toEqual([
        ['header', { 'x-antes': '1' }],
        ['end', { 'x-depois': '2' }],
      ]);
    });

    it.each([
      ['bytes that are no message', MALFORMED, Code.InvalidArgument, []],
      ['a failure after the first', number(2), Code.Aborted, [1]],
    ])('ends with the status of %s', async (_, request, code, before) => {
      const call = new Call(request);
      streamOf('Contar', {
        async *contar() {
          yield { value: 1 };
          throw rpcError(Code.Aborted, 'PAROU', 'Parou.');
        },
      })(call);
      await turn();
      expect(call.sent).toEqual([...before, ['error', expect.objectContaining({ code })]]);
      expect(call.listenerCount('cancelled')).toBe(0);
    });

    it('waits until its client has taken what it was sent', async () => {
      const call = new Call(number(2));
      call.full = true;
      streamOf('Contar')(call);
      await turn();
      expect(call.sent).toEqual([1]);
      call.full = false;
      call.emit('drain');
      await turn();
      expect(call.sent).toEqual([1, 2, ['end', undefined]]);
    });

    it.each([
      ['its client goes away', Code.Canceled, (call: Call) => void call.emit('cancelled')],
      ['the server closes', Code.Unavailable, (_: Call, closing: AbortController) => closing.abort()],
    ])('lets its handler clean up when %s', async (_, code, happen) => {
      const call = new Call(number(1));
      const closing = new AbortController();
      let cleaned = false;
      const way = Promise.withResolvers<void>();
      streamOf(
        'Contar',
        {
          async *contar() {
            try {
              yield { value: 1 };
              await way.promise;
              yield { value: 2 };
            } finally {
              cleaned = true;
            }
          },
        },
        { shutdown: closing.signal },
      )(call);
      await turn();
      happen(call, closing);
      await turn();
      expect(call.sent).toEqual([1, ['error', expect.objectContaining({ code })]]);
      way.resolve();
      await turn();
      expect(cleaned).toBe(true);
      expect(call.sent).toHaveLength(2);
    });

    it('is cut off while its client takes nothing', async () => {
      const call = new Call(number(2));
      call.full = true;
      streamOf('Contar')(call);
      await turn();
      call.emit('cancelled');
      await turn();
      expect(call.sent).toEqual([1, ['error', expect.objectContaining({ code: Code.Canceled })]]);
    });
  });

  it('answers both ways', async () => {
    const call = new Call(text('um'), text('dois'));
    const values: string[] = [];
    call.write = (bytes) => {
      values.push(fromBinary(StringValueSchema, bytes).value);
      return true;
    };
    streamOf('Ecoar')(call);
    await turn();
    expect(values).toEqual(['um', 'dois']);
    expect(call.sent).toEqual([['end', undefined]]);
  });
});
