import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
    request: { headers, headersDistinct: distinct(headers) } as IncomingMessage,
    method,
    target: { rawPath: path, path, rawQuery: query, isText: true },
    clientIp,
    requestId: '0'.repeat(32),
    upstreamHeaders: {},
    responseHeaders: new Map(),
    refusal: undefined,
    readBody: async () => Buffer.alloc(0),
  };
}

function distinct(headers: IncomingHttpHeaders): NodeJS.Dict<string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String)]),
  );
}
