/**
 * Loaded before the code of every program of the local stack (`node --import`): refuses requests that do not name this
 * machine. A page in a browser could otherwise talk to a local server under a name of its own, as if it were its own.
 *
 * LOCAL_HOSTS: further names of this machine, separated by commas, for tunnels and forwarded ports.
 * REFUSE_OTHER_PAGES: set for a program that would let pages of any origin read its answers.
 *
 * It is put into node's own server because some of these programs are not ours and have no setting for it.
 */
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { comesFromAnotherPage, namesThisMachine } from './local-callers.ts';

const hosts = (process.env.LOCAL_HOSTS ?? '')
  .split(',')
  .map((host) => host.trim().toLowerCase())
  .filter((host) => host !== '');
const refuseOtherPages = process.env.REFUSE_OTHER_PAGES === 'true';

const REQUESTS: ReadonlySet<string | symbol> = new Set([
  ...['request', 'checkContinue', 'checkExpectation', 'upgrade'],
]);

type Emit = (this: Server, event: string | symbol, ...args: unknown[]) => boolean;
const emit = Server.prototype.emit as Emit;
Server.prototype.emit = function guarded(event: string | symbol, ...args: unknown[]): boolean {
  if (!REQUESTS.has(event)) return emit.call(this, event, ...args);
  const [request, answer] = args as [IncomingMessage, ServerResponse | Duplex];
  const reason = refusal(request);
  if (reason === undefined) return emit.call(this, event, ...args);
  refuse(answer, reason);
  return true;
};

function refusal({ method = 'GET', headers }: IncomingMessage): string | undefined {
  if (!namesThisMachine({ headers }, hosts))
    return `"${headers.host}" is no name of this machine; LOCAL_HOSTS adds names`;
  return refuseOtherPages && comesFromAnotherPage({ method, headers })
    ? 'pages of other origins are not served'
    : undefined;
}

function refuse(answer: ServerResponse | Duplex, reason: string): void {
  const body = `${JSON.stringify({ message: reason })}\n`;
  if ('writeHead' in answer)
    answer.writeHead(403, { 'content-type': 'application/json', connection: 'close' }).end(body);
  else answer.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
