import type { ClientRequest } from './client-request.ts';
import type { Refusal } from './exchange.ts';
import { announcesTooMuch } from './request-body.ts';

/** nginx reads a request line, or one header, into one buffer of this size, and has four of them. */
const BUFFER_BYTES = 8192;
const BUFFERS = 4;
/** ` HTTP/1.1` and the end of the line. */
const END_OF_REQUEST_LINE = 12;
/** `: ` and the end of the line. */
const AROUND_HEADER = 4;

/** Headers of which there is one. */
const ONCE = ['authorization', 'host'];

/** What nginx itself refuses of a request with a readable target, before Kong's code sees it. */
export function refusalOf(request: ClientRequest, maxBodyBytes: number): Refusal | undefined {
  if (request.unreadable !== undefined) return { status: 400, message: request.unreadable };
  const line = request.method.length + request.url.length + END_OF_REQUEST_LINE;
  if (line > BUFFER_BYTES) return { status: 414, message: 'URI too long' };
  if (hasLargeHeaders(request.rawHeaders))
    return { status: 400, message: 'Request header or cookie too large' };
  for (const name of ONCE)
    if ((request.headersDistinct[name]?.length ?? 0) > 1) return { status: 400, message: 'Bad request' };
  if (request.method === 'TRACE') return { status: 405, message: 'Method not allowed' };
  return announcesTooMuch(request, maxBodyBytes) ? { status: 413, message: 'Payload too large' } : undefined;
}

/** @param rawHeaders names and values in turn, as they came */
function hasLargeHeaders(rawHeaders: readonly string[]): boolean {
  let total = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const length = (rawHeaders[index] ?? '').length + (rawHeaders[index + 1] ?? '').length + AROUND_HEADER;
    if (length > BUFFER_BYTES) return true;
    total += length;
  }
  return total > BUFFER_BYTES * BUFFERS;
}
