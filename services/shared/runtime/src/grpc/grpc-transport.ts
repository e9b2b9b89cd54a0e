import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type CallOptions, Code, ConnectError, type Transport } from '@connectrpc/connect';
import { type Client, Metadata, status as Status, type StatusObject } from '@grpc/grpc-js';
import { currentTrail } from '../trail/trail.ts';
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

    stream(method) {
      throw new Error(`${pathOf(method)} streams: there is no client for that`);
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

async function callMetadata(options: TransportOptions, headers: CallHeaders): Promise<Metadata> {
  const metadata = new Metadata();
  const request = currentTrail()?.correlationId;
  if (request) metadata.set('x-request-id', request);
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
