import { ask } from './line-protocol.ts';
import { LOOPBACK } from './ports.ts';
import { type RunningServer, requireBinary, startServer } from './server-process.ts';
import { serverFolder } from './temporary-folder.ts';

/** A Redis of our own, from the system's `redis-server`. */
export interface RedisServer extends RunningServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
}

/**
 * Starts Redis on the loopback address. With `dataDir` every write goes to an append-only file there and is
 * back after a restart; without it nothing is kept.
 *
 * @throws {PortTakenError} when `port` is taken.
 * @throws {Error} one sentence when redis-server is not installed or does not start.
 */
export async function startRedis(options: { dataDir?: string; port?: number } = {}): Promise<RedisServer> {
  const binary = requireBinary('redis-server', 'redis-server');
  const folder = await serverFolder('redis', options.dataDir);
  try {
    const server = await startServer({
      name: 'Redis',
      binary,
      args: (port) => redisArgs(port, folder.path, options.dataDir !== undefined),
      port: options.port,
      stopSignal: 'SIGTERM',
      // While it loads its file Redis answers PING with -LOADING.
      isReady: async (port) => (await ask(port, 'PING\r\n', '\r\n')).startsWith('+PONG'),
    });
    const stop = () => server.stop().then(() => folder.release());
    return { ...server, url: `redis://${LOOPBACK}:${server.port}`, stop };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

function redisArgs(port: number, dir: string, persistent: boolean): string[] {
  const settings = {
    bind: LOOPBACK,
    port: `${port}`,
    dir,
    daemonize: 'no',
    save: '',
    appendonly: persistent ? 'yes' : 'no',
    appendfsync: 'everysec',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
