import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Exchange, Refusal } from './exchange.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { announcesTooMuch, bodyReader } from './request-body.ts';
import { MalformedPathError, parseTarget, type RequestTarget } from './request-path.ts';

const ROOT: RequestTarget = { rawPath: '/', path: '/', rawQuery: '' };

/** Makes the exchange of one request; what cannot be served at all is marked, not thrown. */
export function createExchange(request: IncomingMessage, maxBodyBytes: number): Exchange {
  const clientIp = request.socket.remoteAddress ?? '';
  const requestId = randomBytes(16).toString('hex');
  const target = readTarget(request);
  const upstreamHeaders = forwardedHeaders(request, clientIp, (target ?? ROOT).rawPath);
  upstreamHeaders['x-kong-request-id'] = requestId;
  return {
    request,
    method: request.method ?? 'GET',
    target: target ?? ROOT,
    clientIp,
    requestId,
    upstreamHeaders,
    responseHeaders: new Map(),
    refusal: refusalOf(request, target, maxBodyBytes),
    readBody: bodyReader(request, maxBodyBytes),
  };
}

function readTarget(request: IncomingMessage): RequestTarget | undefined {
  try {
    return parseTarget(request);
  } catch (error) {
    if (error instanceof MalformedPathError) return undefined;
    throw error;
  }
}

function refusalOf(
  request: IncomingMessage,
  target: RequestTarget | undefined,
  maxBodyBytes: number,
): Refusal | undefined {
  if (!target) return { status: 400, message: 'Bad request' };
  return announcesTooMuch(request, maxBodyBytes) ? { status: 413, message: 'Payload too large' } : undefined;
}
