import { once } from 'node:events';
import type { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2';

/** An answer over HTTP/2, read to its end. */
export interface Http2Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends one request over HTTP/2 with no header that was not asked for. */
export async function sendHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Answer> {
  const stream = session.request(headers);
  const chunks: Buffer[] = [];
  const trailers: Record<string, unknown> = {};
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('trailers', (received) => Object.assign(trailers, received));
  const closed = once(stream, 'close');
  stream.end(body);
  const [received] = await once(stream, 'response');
  await closed;
  return { headers: received, trailers, text: Buffer.concat(chunks).toString() };
}
