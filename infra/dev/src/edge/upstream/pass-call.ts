import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { pipeline, type Readable, Transform } from 'node:stream';
import type { ClientRequest } from '../http/client-request.ts';
import type { Headers, Reply } from '../http/exchange.ts';
import { ClientGoneError, PayloadTooLargeError } from '../http/request-body.ts';
import { brokenOff, endToEnd } from './grpc-stream.ts';
import { UpstreamError } from './upstream-error.ts';

interface PassOptions {
  /** How long the upstream may be silent. */
  readonly readTimeoutMs: number;
  /** How much a client may send in one call, however many messages that is. */
  readonly maxBodyBytes: number;
}

/**
 * Joins a client's call to a stream of the upstream. Resolves with the leading headers; body and trailers follow as
 * they come. Nothing of the client's body is read before the stream has gone out, so that it can be opened again.
 */
export function passCall(
  request: ClientRequest,
  stream: ClientHttp2Stream,
  { readTimeoutMs, maxBodyBytes }: PassOptions,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let trailers: Headers = new Map();
    let failure: NodeJS.ErrnoException | undefined;
    const give = (error: Error): void => {
      reject(error);
      // After the answer has begun only the stream can tell.
      if (stream.destroyed) return;
      stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy(error);
    };
    const timer = setTimeout(
      () => give(new UpstreamError('read timeout', { isTimeout: true })),
      readTimeoutMs,
    );
    const leave = () => give(new ClientGoneError('the client went away'));
    request.body.once('close', leave);
    onceSent(stream, () => {
      if (request.hasBody) sendBody(request, stream, maxBodyBytes, give);
    });
    stream.once('response', (headers, flags) => {
      timer.refresh();
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      const body = isWhole ? Buffer.alloc(0) : watched(stream, () => void timer.refresh());
      if (isWhole) stream.resume();
      resolve(toReply(headers, body, () => trailers));
    });
    stream.once('trailers', (received) => {
      trailers = endToEnd(received);
    });
    stream.once('error', (error: Error) => {
      failure = error;
    });
    stream.once('close', () => {
      clearTimeout(timer);
      request.body.off('close', leave);
      reject(brokenOff(failure));
    });
  });
}

function onceSent(stream: ClientHttp2Stream, sent: () => void): void {
  if (stream.pending) stream.once('ready', sent);
  else sent();
}

/** What comes of a stream, and every time something comes. It ends with the stream, and the stream with it. */
function watched(stream: ClientHttp2Stream, comes: () => void): Readable {
  const tap = new Transform({
    transform(chunk, _encoding, pass) {
      comes();
      pass(null, chunk);
    },
  });
  return pipeline(stream, tap, () => undefined);
}

/** Hands the client's body on as fast as the upstream takes it. */
function sendBody(
  { body }: ClientRequest,
  stream: ClientHttp2Stream,
  maxBytes: number,
  give: (error: Error) => void,
): void {
  let size = 0;
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) give(new PayloadTooLargeError('the call is too large'));
    else if (!stream.writableEnded && !stream.destroyed && !stream.write(chunk)) body.pause();
  });
  stream.on('drain', () => body.resume());
  body.once('end', () => stream.end());
}

function toReply(received: IncomingHttpHeaders, body: Reply['body'], trailers: () => Headers): Reply {
  const status = Number(received[':status']);
  return { status, headers: endToEnd(received), body, trailers };
}
