import type { RequestListener, ServerResponse } from 'node:http';
import { codeToHttpStatus, codeToString } from '@connectrpc/connect/protocol-connect';
import { motivoDe } from './errors.ts';
import { type ListenerLoad, overLimit } from './listener-limits.ts';
import type { Share } from './occupancy.ts';

/** Answered from what is known already, however busy the service is. */
const CHECKS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

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
    return next(req, res);
  };
}

/** The body of the request is not read: the connection ends with the answer. */
function refuse(res: ServerResponse, share: Share): void {
  const error = overLimit(share);
  const code = codeToString(error.code);
  const body = JSON.stringify({ code, message: error.rawMessage, reason: motivoDe(error) });
  res.writeHead(codeToHttpStatus(error.code), {
    ...Object.fromEntries(error.metadata),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  res.end(body);
}
