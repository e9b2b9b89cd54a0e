import { createConnection } from 'node:net';
import { LOOPBACK } from './ports.ts';

/**
 * Connects, sends `question` and resolves with everything received once it contains `until`.
 * Enough to greet servers that speak lines of text (Redis, NATS) without their client library.
 *
 * @throws {Error} when the connection fails, ends, or stays silent for `timeoutMs`.
 */
export function ask(port: number, question: string, until: string, timeoutMs = 1_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection({ host: LOOPBACK, port }, () => socket.write(question));
    const finish = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(timeoutMs, () => finish(() => reject(new Error(`No answer on port ${port}.`))));
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('end', () => finish(() => reject(new Error(`Port ${port} closed the connection.`))));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes(until)) finish(() => resolve(answer));
    });
  });
}
