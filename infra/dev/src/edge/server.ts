import type { Logger } from '@plataforma/runtime/logger';
import { ConfigWatcher } from './config/config-watcher.ts';
import { EdgeNode, type LoadedConfig } from './edge-node.ts';
import type { ClientRequest } from './http/client-request.ts';
import { createExchange } from './http/create-exchange.ts';
import { Door } from './http/door.ts';
import type { Exchange, Reply } from './http/exchange.ts';
import { answer } from './pipeline.ts';
import { Upstreams } from './upstream/upstreams.ts';

interface EdgeOptions {
  /** Rendered kong.yml; a change of the file is taken up at once. */
  readonly configFile: string;
  /** Folder with the generated Kong protos. */
  readonly protoRoot: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly logger: Logger;
  /** Larger request bodies are answered 413. Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

export interface RunningEdge {
  readonly port: number;
  /** Reads kong.yml and the protos again; on failure the edge keeps what it has and the error is thrown. */
  reload(): Promise<void>;
  /** Takes no new connections, lets requests in progress end (10 s at most), closes everything. */
  stop(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Starts the REST edge, the local stand-in for Kong.
 *
 * @throws {EdgeConfigError} when kong.yml holds anything that the edge does not implement.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const edge = new Edge(options);
  await edge.listen();
  return edge;
}

class Edge implements RunningEdge {
  readonly #options: EdgeOptions;
  readonly #node: EdgeNode;
  readonly #upstreams = new Upstreams();
  readonly #door: Door;
  readonly #watcher: ConfigWatcher;
  #loaded: LoadedConfig;
  #isStopping = false;

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#node = new EdgeNode(options.protoRoot);
    this.#loaded = this.#node.load(options.configFile, { rereadProtos: true });
    this.#door = new Door({
      serve: (request) => this.#serve(request),
      broke: (error) => options.logger.warn({ err: error }, 'the answer broke off'),
    });
    this.#watcher = new ConfigWatcher(options.configFile, () => this.#reloadChanged());
  }

  get port(): number {
    return this.#door.port;
  }

  async listen(): Promise<void> {
    const { host, port, logger } = this.#options;
    await this.#door.listen(host, port);
    this.#watcher.start();
    logger.info({ host, port: this.port, routes: this.#loaded.routes.length }, 'REST edge listening');
  }

  async reload(): Promise<void> {
    await this.#reload({ rereadProtos: true });
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#watcher.stop();
    await this.#door.close();
    await this.#upstreams.close();
  }

  async #reload(what: { rereadProtos: boolean }): Promise<void> {
    const loaded = this.#node.load(this.#options.configFile, what);
    this.#loaded = loaded;
    await this.#upstreams.retain(loaded.routes.map((route) => route.service));
    this.#options.logger.info({ routes: loaded.routes.length }, 'configuration reloaded');
  }

  async #reloadChanged(): Promise<void> {
    try {
      await this.#reload({ rereadProtos: false });
    } catch (error) {
      this.#options.logger.error(
        { err: error },
        'the changed kong.yml is refused; the previous one stays in force',
      );
    }
  }

  async #serve(request: ClientRequest): Promise<{ exchange: Exchange; reply: Reply }> {
    const exchange = createExchange(request, this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
    const reply = await answer(exchange, this.#loaded, this.#upstreams, this.#options.logger);
    return { exchange, reply };
  }
}
