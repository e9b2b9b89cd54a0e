import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import type { Exchange, Reply } from './exchange.ts';

/**
 * Writes a reply to a client of HTTP/2. Of a request whose body is not wanted any more, the rest is refused.
 *
 * @throws when a streamed body breaks off: the headers are gone, only the stream can tell.
 */
export async function sendReplyHttp2(
  stream: ServerHttp2Stream,
  exchange: Exchange,
  reply: Reply,
): Promise<void> {
  if (stream.destroyed || stream.closed) return;
  stream.once('finish', () => {
    if (!exchange.request.isComplete()) stream.close(constants.NGHTTP2_NO_ERROR);
  });
  const headers: OutgoingHttpHeaders = {
    ...Object.fromEntries(reply.headers),
    ':status': reply.status,
    'x-kong-request-id': exchange.requestId,
  };
  if (Buffer.isBuffer(reply.body)) sendBuffer(stream, headers, reply, reply.body);
  else {
    respondWithTrailers(stream, headers, reply);
    await pipeline(reply.body, stream);
  }
}

/** An answer without body and trailers ends with its headers: so gRPC clients get errors of one piece. */
function sendBuffer(
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  reply: Reply,
  body: Buffer,
): void {
  const hasTrailers = (reply.trailers?.().size ?? 0) > 0;
  if (!hasTrailers && reply.status !== 204) headers['content-length'] = body.length;
  if (hasTrailers) respondWithTrailers(stream, headers, reply);
  else stream.respond(headers, { endStream: body.length === 0 });
  stream.end(body);
}

function respondWithTrailers(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders, reply: Reply): void {
  stream.respond(headers, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(Object.fromEntries(reply.trailers?.() ?? [])));
}
