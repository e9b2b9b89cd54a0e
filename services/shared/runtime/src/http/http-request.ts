import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { ConnectError, createContextKey, type HandlerContext } from '@connectrpc/connect';
import {
  createAsyncIterable,
  encodeEnvelope,
  type UniversalHandler,
  type UniversalServerRequest,
} from '@connectrpc/connect/protocol';
import { parseContentType as parseConnectType } from '@connectrpc/connect/protocol-connect';
import { parseContentType as parseGrpcWebType } from '@connectrpc/connect/protocol-grpc-web';
import { notOfContract, requestTooLarge } from '../input/invalid-request.ts';
import { guardJson } from '../input/json-guard.ts';
import { RequestShape } from '../input/request-shape.ts';
import { guardWire } from '../input/wire-guard.ts';
import { BodyBuffer } from './body-buffer.ts';

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** What clients of the HTTP listener may compress their requests with; anything else is left to Connect, which refuses it. */
const UNPACK: Readonly<Record<string, Unpack>> = { gzip: promisify(gunzip), br: promisify(brotliDecompress) };

const refusalKey = createContextKey<ConnectError | undefined>(undefined, { description: 'refusal' });

/** Why the body of a call is not handed to Connect, if it is not. */
export function refusalOf({ contextValues }: UniversalServerRequest): ConnectError | undefined {
  return contextValues?.get(refusalKey);
}

/** Connect's gate before a body is read: answers a refusal in the protocol of the caller. */
export function refuseUnread({ values }: HandlerContext): void {
  const refusal = values.get(refusalKey);
  if (refusal) throw refusal;
}

/**
 * Reads the body of a unary call, no further than its contract can need, unpacks it, and guards it. Connect is handed the
 * plain bytes, or nothing and a refusal. What it would refuse for its protocol is left to it unread.
 */
export async function guardedRequest(
  { method }: UniversalHandler,
  request: UniversalServerRequest,
): Promise<UniversalServerRequest> {
  const shape = RequestShape.of(method.input);
  try {
    if (request.method === 'GET') return await guardedQuery(shape, request);
    const contentType = request.header.get('content-type');
    const web = parseGrpcWebType(contentType);
    if (web) return web.text ? request : await guardedFrame(shape, request, web.binary);
    const plain = parseConnectType(contentType);
    return plain === undefined || plain.stream ? request : await guardedBody(shape, request, plain.binary);
  } catch (err) {
    const { contextValues } = request;
    // Without a place for the refusal the call must not go on: its body would be an empty message.
    if (!(err instanceof ConnectError) || !contextValues) throw err;
    contextValues.set(refusalKey, err);
    return { ...request, body: createAsyncIterable([]) };
  }
}

/** A Connect call by POST: the body is the message. */
async function guardedBody(shape: RequestShape, request: UniversalServerRequest, binary: boolean) {
  const compression = compressionNamed(request.header.get('content-encoding'));
  if (compression === 'unknown') return request;
  const bytes = guard(shape, await unpack(shape, await read(shape, request), compression), binary);
  return {
    ...request,
    header: without(request.header, 'content-encoding'),
    body: createAsyncIterable([bytes]),
  };
}

/** A gRPC-Web call: one message in a frame that tells its length and whether it is compressed. */
async function guardedFrame(shape: RequestShape, request: UniversalServerRequest, binary: boolean) {
  const compression = compressionNamed(request.header.get('grpc-encoding'));
  if (compression === 'unknown') return request;
  const frame = await read(shape, request);
  const flags = frame[0] ?? 0;
  if (frame.length < 5 || frame.readUInt32BE(1) !== frame.length - 5 || flags > 1)
    throw notOfContract('the body is not one gRPC-Web message');
  const message = await unpack(shape, frame.subarray(5), flags === 1 ? compression : undefined);
  const bytes = guard(shape, message, binary);
  const body = createAsyncIterable([encodeEnvelope(0, bytes)]);
  return { ...request, header: without(request.header, 'grpc-encoding'), body };
}

/** A Connect call by GET: the message is a parameter of the query, no longer than a request line may be. */
async function guardedQuery(shape: RequestShape, request: UniversalServerRequest) {
  const url = new URL(request.url);
  const query = url.searchParams;
  const compression = compressionNamed(query.get('compression'));
  if (compression === 'unknown') return request;
  const message = query.get('message') ?? '';
  const packed = query.get('base64') === '1' ? fromBase64(message) : Buffer.from(message);
  const unpacked = await unpack(shape, packed, compression);
  const bytes = guard(shape, unpacked, query.get('encoding') === 'proto');
  query.delete('compression');
  query.set('base64', '1');
  query.set('message', base64Encode(bytes, 'url'));
  return { ...request, url: url.href };
}

/** What is to be decoded. */
function guard(shape: RequestShape, bytes: Uint8Array, binary: boolean): Uint8Array {
  if (binary) return guardWire(shape, bytes);
  guardJson(shape, bytes);
  return bytes;
}

async function read(shape: RequestShape, { header, body }: UniversalServerRequest): Promise<Buffer> {
  if (Number(header.get('content-length') ?? 0) > shape.maxBytes) throw requestTooLarge(shape.maxBytes);
  const received = new BodyBuffer(shape.maxBytes);
  for await (const part of body as AsyncIterable<Uint8Array>)
    if (!received.add(part)) throw requestTooLarge(shape.maxBytes);
  return received.bytes();
}

/** Unpacks no more than the contract can need. */
async function unpack(
  shape: RequestShape,
  bytes: Buffer,
  compression: Unpack | undefined,
): Promise<Uint8Array> {
  if (compression === undefined) return bytes;
  try {
    return await compression(bytes, { maxOutputLength: shape.maxBytes });
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw requestTooLarge(shape.maxBytes);
    throw notOfContract('it is not compressed as it says', err);
  }
}

function compressionNamed(name: string | null): Unpack | undefined | 'unknown' {
  if (name === null || name === '' || name === 'identity') return undefined;
  return Object.hasOwn(UNPACK, name) ? UNPACK[name] : 'unknown';
}

function fromBase64(text: string): Buffer {
  try {
    return Buffer.from(base64Decode(text));
  } catch (err) {
    throw notOfContract('the message is not base64', err);
  }
}

function without(header: Headers, name: string): Headers {
  const rest = new Headers(header);
  rest.delete(name);
  rest.delete('content-length');
  return rest;
}
