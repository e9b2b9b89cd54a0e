import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { ClientRequest } from './client-request.ts';
import type { Exchange } from './exchange.ts';

/** A request on its way through the plugins, without a connection behind it. */
export function exchangeOf(
  given: {
    clientIp?: string;
    method?: string;
    path?: string;
    query?: string;
    headers?: IncomingHttpHeaders;
  } = {},
): Exchange {
  const { clientIp = '127.0.0.1', method = 'GET', path = '/', query = '', headers = {} } = given;
  return {
    request: requestOf(method, path, headers),
    method,
    target: { rawPath: path, path, rawQuery: query, isText: true },
    clientIp,
    requestId: '0'.repeat(32),
    upstreamHeaders: {},
    responseHeaders: new Map(),
    refusal: undefined,
    maxBodyBytes: 1024 * 1024,
    readBody: async () => Buffer.alloc(0),
  };
}

function requestOf(method: string, url: string, headers: IncomingHttpHeaders): ClientRequest {
  return {
    ...{ httpVersion: 1, method, url, headers, headersDistinct: distinct(headers), rawHeaders: [] },
    ...{ remoteAddress: '127.0.0.1', localPort: 8000, hasBody: false, body: Readable.from([]) },
    isComplete: () => true,
  };
}

function distinct(headers: IncomingHttpHeaders): NodeJS.Dict<string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String)]),
  );
}
