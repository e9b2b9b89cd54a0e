import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const DAY_MS = 86_400_000;
const DUPLICATE_WINDOW_MS = 5 * 60_000;
// "stream name already in use with a different configuration"
const STREAM_NAME_IN_USE = 10058;

export interface StreamOptions {
  /** Default 30 days: events older than that are gone for consumers that never read them. */
  readonly maxAgeDays?: number;
  /** Default 1 GiB. */
  readonly maxBytes?: number;
  /** Copies in a cluster. Default 1; 3 in production. */
  readonly replicas?: number;
}

/** The stream of the dead letters and the subjects it keeps. */
export const DEAD_LETTERS = { name: 'DLQ', subjects: ['dlq.>'], maxAgeDays: 90 } as const;

/** The stream in which handlers leave a mark while they deal with a suspect message. */
export const HANDLER_MARKS = {
  name: 'EM_CURSO',
  prefix: 'em-curso',
  maxAgeDays: 1,
  maxBytes: 64 * 1024 ** 2,
};

export type DesiredStream = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>;

/**
 * Configuration of a stream of events. A full stream refuses new messages (`discard: new`): the outbox then keeps them
 * and tries again, while `discard: old` would silently drop what a slow consumer has not read yet.
 */
export function streamConfig(
  name: string,
  subjects: readonly string[],
  options: StreamOptions,
): DesiredStream {
  return {
    name,
    subjects: [...subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: nanos((options.maxAgeDays ?? 30) * DAY_MS),
    max_bytes: options.maxBytes ?? 1024 ** 3,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: options.replicas ?? 1,
  };
}

/** Creates the stream, or brings an existing one to this configuration. Safe to call by several processes at once. */
export async function applyStream(manager: JetStreamManager, config: DesiredStream): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NAME_IN_USE) throw error;
    await manager.streams.update(config.name, config);
  }
}
