import { once } from 'node:events';
import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import type { HandlerContext, Interceptor, MethodImplSpec } from '@connectrpc/connect';
import { invokeUnaryImplementation, transformInvokeImplementation } from '@connectrpc/connect/protocol';
import type {
  handleUnaryCall,
  ServerDuplexStream,
  ServerWritableStream,
  ServiceDefinition,
  StatusObject,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { requestFromBinary } from '../input/request-from-binary.ts';
import { requestIdOf } from '../rpc/call-context.ts';
import { REQUEST_ID_HEADER, requestIdFrom } from '../rpc/request-id.ts';
import type { RpcService } from '../rpc/rpc.ts';
import { encode, failure, type GrpcCall, grpcCall, sendHeader, trailerMetadata } from './grpc-call.ts';

type UnarySpec = Extract<MethodImplSpec, { kind: 'unary' }>;
type StreamSpec = Extract<MethodImplSpec, { kind: 'server_streaming' | 'bidi_streaming' }>;

export interface AdapterOptions {
  readonly interceptors: Interceptor[];
  /** Ends streams of replies that would otherwise stay open for ever. Unset: the server waits for them. */
  readonly shutdown?: AbortSignal;
  /** Largest request. Unset: what its contract can need. */
  readonly maxRequestBytes?: number;
  /** Told of unary calls that fail where no interceptor sees it: malformed bytes, a reply over the limit. */
  readonly onRejected?: (method: DescMethod, err: unknown) => void;
}

const identity = (bytes: Buffer): Buffer => bytes;

/**
 * A service for grpc-js. Messages cross as bytes: they are decoded in the handler, so that a malformed one gets
 * a proper status.
 */
export function grpcDefinition(service: DescService): ServiceDefinition {
  const methods = service.methods.map((method) => [
    method.name,
    {
      path: `/${service.typeName}/${method.name}`,
      requestStream: method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind !== 'unary',
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    },
  ]);
  return Object.fromEntries(methods);
}

/** Connect handlers, with their interceptors, as grpc-js handlers for `grpcDefinition` of the same service. */
export function grpcImplementation(
  service: RpcService,
  options: AdapterOptions,
): UntypedServiceImplementation {
  return Object.fromEntries(service.methods.map(({ spec }) => [spec.method.name, handlerOf(spec, options)]));
}

function handlerOf(spec: MethodImplSpec, options: AdapterOptions): UntypedHandleCall {
  if (spec.kind === 'unary') return unary(spec, options);
  if (spec.kind === 'client_streaming')
    throw new Error(`${spec.method.name} is of a kind that is not served`);
  if (spec.kind === 'server_streaming') {
    return (call: ServerWritableStream<Buffer, Buffer>) =>
      void replyStream(spec, options, call, () =>
        single(requestFromBinary(spec.method.input, call.request, options.maxRequestBytes)),
      );
  }
  return (call: ServerDuplexStream<Buffer, Buffer>) =>
    void replyStream(spec, options, call, () => incoming(spec, options, call));
}

function unary(spec: UnarySpec, options: AdapterOptions): handleUnaryCall<Buffer, Buffer> {
  const { interceptors, onRejected, maxRequestBytes } = options;
  return async (call, callback) => {
    const { context, finish } = grpcCall(spec, call);
    let observed = false;
    try {
      const input = requestFromBinary(spec.method.input, call.request, maxRequestBytes);
      observed = true;
      const output = await invokeUnaryImplementation(spec, context, input, interceptors);
      observed = false;
      const bytes = encode(spec.method.output, output);
      finish();
      sendHeader(call, context);
      callback(null, bytes, trailerMetadata(context));
    } catch (err) {
      finish();
      if (!observed) onRejected?.(spec.method, err);
      callback(failed(err, context));
    }
  };
}

/** The failure of a call, under the id that the interceptors gave it, or that it came with. */
function failed(err: unknown, { responseTrailer, requestHeader, values }: HandlerContext): StatusObject {
  const requestId = requestIdOf({ values }) || requestIdFrom(requestHeader.get(REQUEST_ID_HEADER));
  return failure(err, responseTrailer, requestId);
}

type ReplyStream = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

async function replyStream(
  spec: StreamSpec,
  { interceptors, shutdown }: AdapterOptions,
  call: ReplyStream,
  input: () => AsyncIterable<Message>,
): Promise<void> {
  const opened = grpcCall(spec, call, shutdown);
  const { context, finish } = opened;
  try {
    const invoke = transformInvokeImplementation(spec, context, interceptors);
    await sendAll(invoke(input()), spec, call, opened);
    finish();
    call.end(trailerMetadata(context));
  } catch (err) {
    finish();
    // grpc-js makes a status of it; trailers-only when no message has been sent yet.
    call.emit('error', failed(err, context));
  }
}

async function sendAll(
  replies: AsyncIterable<Message>,
  spec: StreamSpec,
  call: ReplyStream,
  { context }: GrpcCall,
): Promise<void> {
  const { signal } = context;
  const iterator = replies[Symbol.asyncIterator]();
  let first = true;
  try {
    for (;;) {
      const { done, value } = await orAborted(iterator.next(), signal);
      if (first) sendHeader(call, context);
      if (done) return;
      first = false;
      const flushed = call.write(encode(spec.method.output, value));
      if (!flushed) await once(call, 'drain', { signal });
    }
  } catch (err) {
    abandon(iterator);
    throw signal.aborted ? signal.reason : err;
  }
}

/** Lets a generator run its `finally` blocks; one that hangs does so without holding the call. */
function abandon(iterator: AsyncIterator<Message>): void {
  iterator.return?.().then(undefined, () => undefined);
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}

async function* single<T>(message: T): AsyncGenerator<T> {
  yield message;
}

/** Reading stops without closing the call: the replies of a bidirectional call travel on the same stream. */
async function* incoming(
  { method }: StreamSpec,
  { maxRequestBytes }: AdapterOptions,
  call: ServerDuplexStream<Buffer, Buffer>,
): AsyncGenerator<Message> {
  for await (const bytes of call.iterator({ destroyOnReturn: false })) {
    yield requestFromBinary(method.input, bytes, maxRequestBytes);
  }
}
