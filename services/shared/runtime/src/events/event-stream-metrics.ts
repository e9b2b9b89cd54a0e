import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import { Gauge, type Registry } from 'prom-client';
import { DEAD_LETTERS, found } from './event-streams.ts';

/** What the gauges ask about. */
export interface StreamsToWatch {
  /** Streams that this service has declared. */
  streams(): readonly string[];
  /** Durable consumers of this service. */
  consumers(): readonly string[];
  /** Rejects without a connection: the gauges are missing then. */
  manager(): Promise<JetStreamManager>;
}

/** `eventos_stream_bytes`, `eventos_stream_limite_bytes` and `eventos_dead_letters`, asked for at each scrape. */
export function createStreamMetrics(registry: Registry, watched: StreamsToWatch): void {
  const registers = [registry];
  const ofStream = (name: string, help: string, value: (info: StreamInfo) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['stream'] as const,
      registers,
      async collect() {
        const manager = await watched.manager();
        for (const stream of watched.streams()) {
          const info = await found(manager.streams.info(stream));
          if (info) this.set({ stream }, value(info));
        }
      },
    });
  ofStream('eventos_stream_bytes', 'Size of a stream.', ({ state }) => state.bytes);
  ofStream('eventos_stream_limite_bytes', 'Size at which a stream refuses messages.', ({ config }) =>
    config.max_bytes < 0 ? Number.POSITIVE_INFINITY : config.max_bytes,
  );
  new Gauge({
    name: 'eventos_dead_letters',
    help: 'Dead letters that are kept.',
    labelNames: ['consumidor'] as const,
    registers,
    async collect() {
      const manager = await watched.manager();
      for (const consumidor of watched.consumers())
        this.set({ consumidor }, await deadLettersOf(manager, consumidor));
    },
  });
}

async function deadLettersOf({ streams }: JetStreamManager, durable: string): Promise<number> {
  const info = await found(streams.info(DEAD_LETTERS.name, { subjects_filter: `dlq.${durable}.>` }));
  return Object.values(info?.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
