import { ask } from './line-protocol.ts';
import { LOOPBACK } from './ports.ts';
import { type RunningServer, requireBinary, startServer } from './server-process.ts';
import { serverFolder } from './temporary-folder.ts';

/** A NATS server with JetStream, from the system's `nats-server`. */
export interface NatsServer extends RunningServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
}

const GREETING = 'CONNECT {"verbose":false,"pedantic":false}\r\nPING\r\n';

/**
 * Starts NATS with JetStream on the loopback address; streams live in `dataDir`, or in a temporary folder that
 * `stop()` deletes.
 *
 * @throws {PortTakenError} when `port` is taken.
 * @throws {Error} one sentence when nats-server is not installed or does not start.
 */
export async function startNats(options: { dataDir?: string; port?: number } = {}): Promise<NatsServer> {
  const binary = requireBinary('nats-server', 'nats-server');
  const folder = await serverFolder('nats', options.dataDir);
  try {
    const server = await startServer({
      name: 'NATS',
      binary,
      args: (port) => ['-a', LOOPBACK, '-p', `${port}`, '-js', '-sd', folder.path],
      port: options.port,
      stopSignal: 'SIGTERM',
      // INFO, the server's first line, announces JetStream only once its streams are recovered.
      isReady: async (port) => (await ask(port, GREETING, 'PONG')).includes('"jetstream":true'),
    });
    const stop = () => server.stop().then(() => folder.release());
    return { ...server, url: `nats://${LOOPBACK}:${server.port}`, stop };
  } catch (error) {
    await folder.release();
    throw error;
  }
}
