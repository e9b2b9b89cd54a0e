import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { codeToHttpStatus } from '@connectrpc/connect/protocol-connect';
import { problemOf } from '../errors/error-details.ts';
import { motivoDe } from '../errors/errors.ts';
import { type ListenerLoad, overLimit } from '../rpc/listener-limits.ts';
import type { Share } from '../rpc/occupancy.ts';
import { httpRequestId, REQUEST_ID_HEADER } from '../rpc/request-id.ts';

/** Answered from what is known already, however busy the service is. */
const CHECKS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Far more than a client cuts a body into. Each part costs as much time as hundreds of bytes do. */
const MAX_PARTS = 2_000;

/** Turns requests away that are above a limit. Those that a client sends ahead on one connection count one by one. */
export function limitRequests(next: RequestListener, load: ListenerLoad): RequestListener {
  return (req, res) => {
    const what = CHECKS.has(req.url ?? '') ? 'checks' : 'requests';
    const { socket } = req;
    const address = socket.remoteAddress ?? '';
    const share = load[what].enter(address, socket);
    if (share) {
      load.refused(what, share);
      return refuse(res, share);
    }
    res.once('close', () => load[what].leave(address, socket));
    limitParts(req, load);
    return next(req, res);
  };
}

/**
 * Cuts a connection whose body comes in crumbs. It cannot be left to the reader of the body: a body that no handler wants is read
 * too, and dropped, so that the client gets its answer.
 */
function limitParts(req: IncomingMessage, load: ListenerLoad): void {
  const push = req.push;
  let parts = 0;
  req.push = (...part) => {
    parts += 1;
    if (parts <= MAX_PARTS) return push.apply(req, part);
    if (parts === MAX_PARTS + 1) {
      load.refused('requests', 'connection');
      req.socket.destroy();
    }
    return false;
  };
}

/** The body of the request is not read: the connection ends with the answer. */
function refuse(res: ServerResponse, share: Share): void {
  const error = overLimit(share);
  const requestId = httpRequestId(res.req);
  const body = JSON.stringify(problemOf(error, motivoDe(error), requestId));
  res.writeHead(codeToHttpStatus(error.code), {
    ...Object.fromEntries(error.metadata),
    [REQUEST_ID_HEADER]: requestId,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  res.end(body);
}
