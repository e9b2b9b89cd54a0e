import { createServer } from 'node:net';

/** The only address the servers of tests and of the local stack listen on. */
export const LOOPBACK = '127.0.0.1';

/** A port that was asked for by number and belongs to somebody else. */
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

/** Binds `port` (0 = any) on the loopback address for a moment; resolves with the bound number. */
function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** A port nobody listens on at this moment (another process may still take it: callers retry). */
export function freePort(): Promise<number> {
  return probe(0);
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
