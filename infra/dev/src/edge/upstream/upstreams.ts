import type { KongService } from '../config/kong-config.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { GrpcUpstream } from './upstream-grpc.ts';
import { HttpUpstream } from './upstream-http.ts';

/** Connections by service; a reload keeps those of services that did not change. */
export class Upstreams {
  readonly #open = new Map<string, GrpcUpstream | HttpUpstream>();

  /** Sends an exchange that passed its plugins. */
  async send(exchange: Exchange, service: KongService): Promise<Reply> {
    const upstream = this.#upstream(service);
    if (upstream instanceof HttpUpstream) return upstream.forward(exchange);
    return exchange.grpcCall ? upstream.call(exchange, exchange.grpcCall) : upstream.proxy(exchange);
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((upstream) => upstream.close()));
  }

  /** Closes the connections of services that the new configuration no longer names. */
  async retain(services: readonly KongService[]): Promise<void> {
    const wanted = new Set(services.map((service) => service.id));
    const gone = [...this.#open].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) this.#open.delete(key);
    await Promise.all(gone.map(([, upstream]) => upstream.close()));
  }

  #upstream(service: KongService): GrpcUpstream | HttpUpstream {
    const present = this.#open.get(service.id);
    if (present) return present;
    const opened = service.protocol === 'grpc' ? new GrpcUpstream(service) : new HttpUpstream(service);
    this.#open.set(service.id, opened);
    return opened;
  }
}
