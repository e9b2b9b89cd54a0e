import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** The only address the servers of tests and of the local stack listen on. */
export const LOOPBACK = '127.0.0.1';

/** A port that was asked for by number and belongs to another process. */
export class PortTakenError extends Error {
  readonly port: number;

  constructor(name: string, port: number) {
    super(
      `Port ${port} on ${LOOPBACK} is already in use, so ${name} cannot start there: stop the program that holds it or choose another port.`,
    );
    this.name = 'PortTakenError';
    this.port = port;
  }
}

/**
 * Where free ports are looked for. Below the ports that Linux (32768-60999) and macOS (49152-65535) give to outgoing
 * connections: of those any can be taken by a client between its choice and the start of the server. Each process
 * goes through a share of its own, so that the workers of one test run do not choose the same port.
 */
const FIRST = 16_000;
const SHARES = 16;
const SHARE = 1_000;

/** Binds `port` on the loopback address for a moment. */
function probe(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

// Anywhere in the share: processes of another test run may have the same one.
let chosen = randomInt(SHARE);

/** A port that is free at this moment, another one each time; another process may still take it, so callers retry. */
export async function freePort(): Promise<number> {
  const first = FIRST + (process.pid % SHARES) * SHARE;
  for (let attempt = 1; ; attempt++) {
    const port = first + (chosen++ % SHARE);
    try {
      await probe(port);
      return port;
    } catch (error) {
      if (attempt === SHARE) throw error;
    }
  }
}

/** @throws {PortTakenError} when another program listens on `port`. */
export async function assertPortFree(name: string, port: number): Promise<void> {
  try {
    await probe(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(name, port);
    throw new Error(`${name} cannot listen on port ${port} of ${LOOPBACK}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
