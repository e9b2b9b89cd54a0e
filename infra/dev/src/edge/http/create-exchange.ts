import { randomBytes } from 'node:crypto';
import type { ClientRequest } from './client-request.ts';
import type { Exchange } from './exchange.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { refusalOf } from './refusals.ts';
import { bodyReader } from './request-body.ts';
import { MalformedPathError, parseTarget, type RequestTarget } from './request-path.ts';

const ROOT: RequestTarget = { rawPath: '/', path: '/', rawQuery: '', isText: true };

const UNREADABLE = { status: 400, message: 'Bad request' };

/** Makes the exchange of one request; what cannot be served at all is marked, not thrown. */
export function createExchange(request: ClientRequest, maxBodyBytes: number): Exchange {
  const clientIp = request.remoteAddress ?? '';
  const requestId = randomBytes(16).toString('hex');
  const target = readTarget(request);
  const upstreamHeaders = forwardedHeaders(request, clientIp, (target ?? ROOT).rawPath);
  upstreamHeaders['x-kong-request-id'] = requestId;
  return {
    request,
    method: request.method,
    target: target ?? ROOT,
    clientIp,
    requestId,
    upstreamHeaders,
    responseHeaders: new Map(),
    refusal: target ? refusalOf(request, maxBodyBytes) : UNREADABLE,
    maxBodyBytes,
    readBody: bodyReader(request, maxBodyBytes),
  };
}

function readTarget(request: ClientRequest): RequestTarget | undefined {
  try {
    return parseTarget(request);
  } catch (error) {
    if (error instanceof MalformedPathError) return undefined;
    throw error;
  }
}
