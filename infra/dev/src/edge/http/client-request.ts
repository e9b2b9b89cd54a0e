import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { IncomingHttpHeaders as Http2Headers, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';

/** What the edge needs to know of a request, whichever version of HTTP it came by. */
export interface ClientRequest {
  readonly httpVersion: 1 | 2;
  readonly method: string;
  /** The request target as sent. */
  readonly url: string;
  /** Names are lower case; HTTP/2's own fields are not among them, and its authority is `host`. */
  readonly headers: IncomingHttpHeaders;
  /** Every value of a header that came more than once. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string | undefined;
  readonly localPort: number | undefined;
  readonly hasBody: boolean;
  readonly body: Readable;
  /** Whether the body has come whole. */
  isComplete(): boolean;
  /** Set where there is no such request: what is said of that. */
  readonly unreadable?: string | undefined;
}

/** A request that came by HTTP/1. */
export function requestOfHttp1(message: IncomingMessage): ClientRequest {
  const { headers, headersDistinct, rawHeaders, socket } = message;
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return {
    httpVersion: 1,
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers,
    headersDistinct,
    rawHeaders,
    remoteAddress: socket.remoteAddress,
    localPort: socket.localPort,
    hasBody: encoding !== undefined || (length !== undefined && length !== '0'),
    body: message,
    isComplete: () => message.complete,
    unreadable: message.httpVersion === '1.1' && headers.host === undefined ? 'Bad request' : undefined,
  };
}

/** A request that came by HTTP/2, as one stream of a session. */
export function requestOfHttp2(
  stream: ServerHttp2Stream,
  received: Http2Headers,
  rawHeaders: readonly string[],
): ClientRequest {
  const { ':method': method = 'GET', ':path': url = '/', ':authority': authority, ...rest } = received;
  const fields = Object.entries(rest).filter(([name]) => !name.startsWith(':'));
  const socket = stream.session?.socket;
  return {
    httpVersion: 2,
    method,
    url,
    headers: Object.fromEntries(authority === undefined ? fields : [...fields, ['host', authority]]),
    headersDistinct: distinct(rawHeaders),
    rawHeaders,
    remoteAddress: socket?.remoteAddress,
    localPort: socket?.localPort,
    hasBody: !stream.endAfterHeaders,
    body: stream,
    isComplete: () => stream.endAfterHeaders || stream.readableEnded,
  };
}

function distinct(rawHeaders: readonly string[]): NodeJS.Dict<string[]> {
  const values: Record<string, string[]> = Object.create(null);
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    values[name] = [...(values[name] ?? []), rawHeaders[index + 1] ?? ''];
  }
  return values;
}
