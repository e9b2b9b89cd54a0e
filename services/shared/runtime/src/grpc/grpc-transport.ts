import { once } from 'node:events';
import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type CallOptions, Code, ConnectError, type Transport } from '@connectrpc/connect';
import {
  type Client,
  type ClientDuplexStream,
  Metadata,
  status as Status,
  type StatusObject,
} from '@grpc/grpc-js';
import { toHeaders, toMetadata } from './grpc-metadata.ts';
import { STATUS_DETAILS_KEY, statusFromBytes } from './grpc-status.ts';

export interface TransportOptions {
  /** Deadline of a call that sets none itself, in milliseconds. No call goes without. */
  readonly timeoutMs: number;
  /** Headers of every call: credentials, request id. Asked anew for each call. */
  readonly headers?: () => Promise<Record<string, string>>;
}

type CallHeaders = CallOptions['headers'];

/**
 * A Connect transport over a grpc-js client, which does load balancing, retries and deadlines. Errors come as
 * `ConnectError` with the details and metadata of the answer.
 */
export function grpcTransport(client: Client, options: TransportOptions): Transport {
  return {
    async unary(method, signal, timeoutMs, headers, input) {
      const metadata = await callMetadata(options, headers);
      const reply = await unaryCall<MessageShape<typeof method.output>>(signal, (done) =>
        client.makeUnaryRequest(
          pathOf(method),
          (message: Message) => encode(method.input, message),
          (bytes: Buffer) => fromBinary(method.output, bytes),
          create(method.input, input),
          metadata,
          { deadline: deadlineOf(options, timeoutMs) },
          (_, message) => done(message),
        ),
      );
      return { stream: false, service: method.parent, method, ...reply };
    },

    async stream(method, signal, timeoutMs, headers, input) {
      const metadata = await callMetadata(options, headers);
      if (signal?.aborted) throw cancelled(signal);
      // On the wire the three kinds of streaming calls are the same.
      const call = client.makeBidiStreamRequest(
        pathOf(method),
        (message: MessageInitShape<typeof method.input>) =>
          encode(method.input, create(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes),
        metadata,
        { deadline: deadlineOf(options, timeoutMs) },
      );
      const reply = await streamCall(call, input, signal);
      return { stream: true, service: method.parent, method, ...reply };
    },
  };
}

interface Reply<T> {
  readonly header: Headers;
  readonly trailer: Headers;
  readonly message: T;
}

interface UnaryCall {
  cancel(): void;
  on(event: 'metadata', listener: (metadata: Metadata) => void): unknown;
  on(event: 'status', listener: (status: StatusObject) => void): unknown;
}

function unaryCall<T>(
  signal: AbortSignal | undefined,
  start: (done: (message: T | undefined) => void) => UnaryCall,
): Promise<Reply<T>> {
  if (signal?.aborted) return Promise.reject(cancelled(signal));
  return new Promise((resolve, reject) => {
    let header = new Headers();
    let message: T | undefined;
    const call = start((received) => {
      message = received;
    });
    const onAbort = () => call.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
    call.on('metadata', (metadata) => {
      header = toHeaders(metadata);
    });
    // The last event of every call, right after its callback; the trailers come with it.
    call.on('status', (status) => {
      signal?.removeEventListener('abort', onAbort);
      if (status.code !== Status.OK || message === undefined) reject(fromStatus(status));
      else resolve({ header, trailer: toHeaders(status.metadata), message });
    });
  });
}

/** How a streaming call has ended, as far as it has. */
interface StreamEnd {
  status?: StatusObject;
  /** What the messages to be sent broke off with. */
  inputFailure?: { readonly err: unknown };
}

async function streamCall<I, O>(
  call: ClientDuplexStream<I, O>,
  input: AsyncIterable<I>,
  signal: AbortSignal | undefined,
): Promise<Reply<AsyncIterable<O>>> {
  const end: StreamEnd = {};
  const trailer = new Headers();
  const onAbort = () => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  call.once('status', (status) => {
    end.status = status;
    signal?.removeEventListener('abort', onAbort);
    toHeaders(status.metadata).forEach((value, key) => {
      trailer.append(key, value);
    });
  });
  // Every failure also ends in a status, and that is where it is taken from.
  call.on('error', () => undefined);
  void send(call, input, (err) => {
    end.inputFailure = { err };
    call.cancel();
  });
  return { header: await headerOf(call), trailer, message: replies(call, end) };
}

/** Empty for a call that ends without headers. */
function headerOf<I, O>(call: ClientDuplexStream<I, O>): Promise<Headers> {
  return new Promise((resolve) => {
    call.once('metadata', (metadata) => resolve(toHeaders(metadata)));
    call.once('status', () => resolve(new Headers()));
  });
}

async function* replies<I, O>(call: ClientDuplexStream<I, O>, end: StreamEnd): AsyncGenerator<O> {
  try {
    for await (const message of call.iterator({ destroyOnReturn: false })) yield message as O;
  } catch (err) {
    throw failureOf(end) ?? err;
  } finally {
    if (end.status === undefined) call.cancel();
  }
  const failure = failureOf(end);
  if (failure !== undefined) throw failure;
}

function failureOf({ status, inputFailure }: StreamEnd): unknown {
  if (inputFailure) return inputFailure.err;
  return status && status.code !== Status.OK ? fromStatus(status) : undefined;
}

async function send<I>(
  call: ClientDuplexStream<I, unknown>,
  input: AsyncIterable<I>,
  onFailure: (err: unknown) => void,
): Promise<void> {
  const over = new AbortController();
  call.once('status', () => over.abort());
  try {
    for await (const message of input) {
      if (over.signal.aborted) return;
      if (!call.write(message)) await once(call, 'drain', { signal: over.signal });
    }
    call.end();
  } catch (err) {
    if (!over.signal.aborted) onFailure(err);
  }
}

async function callMetadata(options: TransportOptions, headers: CallHeaders): Promise<Metadata> {
  const metadata = new Metadata();
  if (options.headers) toMetadata(new Headers(await options.headers()), metadata);
  return headers ? toMetadata(new Headers(headers), metadata) : metadata;
}

function deadlineOf(options: TransportOptions, timeoutMs: number | undefined): number {
  return Date.now() + (timeoutMs !== undefined && timeoutMs > 0 ? timeoutMs : options.timeoutMs);
}

function pathOf(method: { parent: { typeName: string }; name: string }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function encode(schema: DescMessage, message: Message): Buffer {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function cancelled(signal: AbortSignal): ConnectError {
  return new ConnectError('the call was cancelled', Code.Canceled, undefined, undefined, signal.reason);
}

function fromStatus(status: StatusObject): ConnectError {
  const error = decodeStatus(status);
  // Connect's own mark for an error that came over the wire; see `toConnectError`.
  return Object.assign(error, { isWireError: true });
}

function decodeStatus({ code, details, metadata }: StatusObject): ConnectError {
  const header = toHeaders(metadata);
  const plain = new ConnectError(
    details,
    code === Status.OK ? Code.Internal : (code as number as Code),
    header,
  );
  const [bytes] = metadata.get(STATUS_DETAILS_KEY);
  if (!(bytes instanceof Buffer)) return plain;
  try {
    const rich = statusFromBytes(bytes, header);
    return rich.code === plain.code ? rich : plain;
  } catch (cause) {
    plain.cause = cause;
    return plain;
  }
}
