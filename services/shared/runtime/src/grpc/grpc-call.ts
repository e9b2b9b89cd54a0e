import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type MethodImplSpec } from '@connectrpc/connect';
import { type Deadline, Metadata, type StatusObject } from '@grpc/grpc-js';
import { detailsFit } from '../errors/error-bounds.ts';
import { factsHeader, factsOf, naming } from '../errors/error-details.ts';
import { rpcError, toConnectError } from '../errors/errors.ts';
import { callValues } from '../rpc/call-context.ts';
import { MAX_ANSWER_BYTES } from '../rpc/listener-limits.ts';
import { toHeaders, toMetadata } from './grpc-metadata.ts';
import { STATUS_DETAILS_KEY, statusToBytes } from './grpc-status.ts';

/** A timer may go off a little before the clock shows its time, and grpc-js does not tell why a call is cancelled. */
const TIMER_SLACK_MS = 5;

/** JSON of the facts; the gateway makes `details` of the REST body of it. */
const FACTS_KEY = 'x-erro-detalhes';

/** What all four kinds of calls have in common in grpc-js. */
interface ServerSurfaceCall {
  readonly metadata: Metadata;
  getDeadline(): Deadline;
  getPeer(): string;
  getHost(): string;
  getPath(): string;
  sendMetadata(metadata: Metadata): void;
  once(event: 'cancelled', listener: () => void): unknown;
  off(event: 'cancelled', listener: () => void): unknown;
}

/** A call on the grpc-js server as the context that Connect handlers expect. */
export interface GrpcCall {
  readonly context: HandlerContext;
  /** Ends the watch for cancellation; grpc-js announces one at the regular end of a call, too. */
  finish(): void;
}

/** @param shutdown ends the call when the server closes; left out, the server waits for the call */
export function grpcCall(spec: MethodImplSpec, call: ServerSurfaceCall, shutdown?: AbortSignal): GrpcCall {
  const controller = new AbortController();
  const deadline = Number(call.getDeadline());
  const onCancelled = () => {
    const code = Date.now() + TIMER_SLACK_MS >= deadline ? Code.DeadlineExceeded : Code.Canceled;
    controller.abort(new ConnectError('the call was cancelled', code));
  };
  const onShutdown = () => controller.abort(new ConnectError('the server is closing', Code.Unavailable));
  call.once('cancelled', onCancelled);
  shutdown?.addEventListener('abort', onShutdown);
  if (shutdown?.aborted) onShutdown();
  const context = {
    method: spec.method,
    service: spec.method.parent,
    signal: controller.signal,
    timeoutMs: () => (Number.isFinite(deadline) ? deadline - Date.now() : undefined),
    requestMethod: 'POST',
    requestHeader: toHeaders(call.metadata),
    responseHeader: new Headers(),
    responseTrailer: new Headers(),
    protocolName: 'grpc',
    values: callValues(call.getPeer(), deadline),
    url: `http://${call.getHost()}${call.getPath()}`,
  };
  return {
    context,
    finish() {
      call.off('cancelled', onCancelled);
      shutdown?.removeEventListener('abort', onShutdown);
    },
  };
}

/** Encodes a reply. grpc-js needs a Buffer; this one shares the memory of the encoded message. */
export function encode<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Buffer {
  const bytes = toBinary(schema, message);
  // Checked here, because grpc-js checks it after the headers are out: too late for a trailers-only answer.
  if (bytes.byteLength > MAX_ANSWER_BYTES) {
    throw rpcError(
      Code.ResourceExhausted,
      'MENSAGEM_GRANDE_DEMAIS',
      'A resposta excede o tamanho máximo de 4 MiB.',
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Sends the headers a handler has set, right before the first message and never earlier: sent on their own they
 * would turn a later error into headers plus trailers, which Kong's grpc-gateway cannot read.
 */
export function sendHeader(call: ServerSurfaceCall, { responseHeader }: HandlerContext): void {
  if (responseHeader.keys().next().done) return;
  call.sendMetadata(toMetadata(responseHeader));
}

/**
 * The error as grpc-js wants it: code, message, details and metadata, together with the trailers set so far. The facts are in
 * a header as well, as the gateway gives them to clients of REST.
 */
export function failure(err: unknown, trailer: Headers, requestId = ''): StatusObject {
  const error = naming(toConnectError(err), requestId);
  const metadata = toMetadata(trailer);
  toMetadata(error.metadata, metadata);
  if (error.details.length > 0) metadata.set(STATUS_DETAILS_KEY, Buffer.from(detailBytes(error)));
  const facts = factsOf(error);
  if (Object.keys(facts).length > 0) metadata.set(FACTS_KEY, factsHeader(facts));
  // A lone surrogate would make grpc-js throw while it percent-encodes the message.
  return { code: error.code as number, details: error.rawMessage.toWellFormed(), metadata };
}

/** As many of the details, from the first one on, which has the reason, as headers hold. */
function detailBytes({ code, rawMessage, details }: ConnectError): Uint8Array {
  for (let count = details.length; ; count -= 1) {
    const bytes = statusToBytes({ code, rawMessage, details: details.slice(0, count) });
    if (count <= 1 || detailsFit(bytes)) return bytes;
  }
}

/** Trailers of a successful call; none for most. */
export function trailerMetadata({ responseTrailer }: HandlerContext): Metadata | undefined {
  return responseTrailer.keys().next().done ? undefined : toMetadata(responseTrailer, new Metadata());
}
