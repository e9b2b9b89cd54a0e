import type { Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { Socket } from 'node:net';

/** What a client sends first when it speaks HTTP/2 without being asked (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Lets one port speak both versions of HTTP, as nginx does: a connection that begins with HTTP/2's preface goes to
 * `http2`, every other one stays with the server that listens.
 *
 * @param firstBytesMs how long a connection may be silent before it has shown which it is
 * @returns the connections that have not, which neither server knows of yet
 */
export function serveBothVersions(
  http1: Server,
  http2: Http2Server,
  firstBytesMs: number,
): ReadonlySet<Socket> {
  const undecided = new Set<Socket>();
  const [takeHttp1] = http1.listeners('connection') as ((socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  http1.on('connection', (socket: Socket) => {
    const forget = () => undecided.delete(socket);
    undecided.add(socket);
    socket.once('close', forget);
    whenVersionIsKnown(socket, firstBytesMs, (isHttp2) => {
      forget();
      socket.off('close', forget);
      if (isHttp2) http2.emit('connection', socket);
      else takeHttp1?.call(http1, socket);
    });
  });
  return undecided;
}

/** Reads until it is clear, and puts what was read back. */
function whenVersionIsKnown(socket: Socket, timeoutMs: number, known: (isHttp2: boolean) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const giveUp = () => socket.destroy();
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    read = Buffer.concat([read, chunk]);
    const compared = Math.min(read.length, PREFACE.length);
    const isAlike = read.subarray(0, compared).equals(PREFACE.subarray(0, compared));
    if (isAlike && read.length < PREFACE.length) return;
    socket.off('readable', look);
    socket.off('error', giveUp);
    socket.off('end', giveUp);
    socket.setTimeout(0);
    socket.off('timeout', giveUp);
    socket.unshift(read);
    known(isAlike);
  };
  socket.on('readable', look);
  socket.on('error', giveUp);
  socket.on('end', giveUp);
  socket.setTimeout(timeoutMs);
  socket.on('timeout', giveUp);
}
