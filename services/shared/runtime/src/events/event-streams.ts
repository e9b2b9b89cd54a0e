import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos, PermissionViolationError } from '@nats-io/transport-node';

/** How long the server may take for the answer to a request. */
export const REQUEST_TIMEOUT_MS = 5_000;

const DAY_MS = 86_400_000;
const DUPLICATE_WINDOW_MS = 5 * 60_000;
// "stream name already in use with a different configuration"
const STREAM_NAME_IN_USE = 10058;
// "stream not found"
const STREAM_NOT_FOUND = 10059;
// "insufficient storage resources available": the server reserves what a stream may grow to.
const NO_ROOM = 10047;
const UNAVAILABLE = 503;
const LEAST_BYTES = 1024 ** 3;

export interface StreamOptions {
  /** Default 30 days: events older than that are gone for consumers that never read them. A longer age of the server stays. */
  readonly maxAgeDays?: number;
  /** The limit, whatever the server has. Default: `leastBytes` or more. */
  readonly maxBytes?: number;
  /** A smaller limit of the server is raised to this where it has the room, a larger one stays. Default 1 GiB. */
  readonly leastBytes?: number;
  /** Copies of a stream that has to be made; those of one that is there stay. Default 1; 3 in a cluster. */
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

/** What a stream is to be like. */
export interface DesiredStream {
  readonly config: Pick<StreamConfig, 'name' | 'subjects' | 'max_bytes'> & Partial<StreamConfig>;
  /** Whether the limit is kept when the server has a larger one. */
  readonly mayBeLarger: boolean;
}

/**
 * Configuration of a stream of events. A full stream refuses new messages (`discard: new`): the outbox then keeps them
 * and tries again, while `discard: old` would silently drop what a slow consumer has not read yet.
 */
export function streamConfig(
  name: string,
  subjects: readonly string[],
  options: StreamOptions,
): DesiredStream {
  const config = {
    name,
    subjects: [...subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: nanos((options.maxAgeDays ?? 30) * DAY_MS),
    max_bytes: options.maxBytes ?? options.leastBytes ?? LEAST_BYTES,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: options.replicas ?? 1,
  };
  return { config, mayBeLarger: options.maxBytes === undefined };
}

/**
 * Creates the stream, or brings an existing one to this configuration, without taking back what an operator has given it:
 * copies, a longer age, a larger limit. Safe to call by several processes at once.
 */
export async function applyStream(manager: JetStreamManager, desired: DesiredStream): Promise<void> {
  try {
    await manager.streams.add(desired.config);
  } catch (error) {
    // The server looks for room before it looks whether the stream is there already.
    if (!isApiError(error, STREAM_NAME_IN_USE) && !isApiError(error, NO_ROOM)) throw error;
    const stream = await manager.streams.info(desired.config.name).catch(() => undefined);
    if (!stream) throw noRoom(desired, error);
    await updateStream(manager, desired, stream.config);
  }
}

function noRoom({ config }: DesiredStream, cause: unknown): Error {
  const mib = Math.round(config.max_bytes / 1024 ** 2);
  return new Error(`NATS has no room for the stream ${config.name} of ${mib} MiB`, { cause });
}

async function updateStream(
  { streams }: JetStreamManager,
  { config, mayBeLarger }: DesiredStream,
  current: StreamConfig,
): Promise<void> {
  const kept = {
    ...config,
    num_replicas: current.num_replicas,
    max_age: larger(current.max_age, config.max_age, 0),
    duplicate_window: Math.max(current.duplicate_window, config.duplicate_window ?? 0),
  };
  if (!mayBeLarger) return void (await streams.update(config.name, kept));
  try {
    const max_bytes = larger(current.max_bytes, config.max_bytes, -1);
    await streams.update(config.name, { ...kept, max_bytes });
  } catch (error) {
    if (!isApiError(error, NO_ROOM)) throw error;
    await streams.update(config.name, { ...kept, max_bytes: current.max_bytes });
  }
}

/** What streams and consumers are asked about and changed through. */
export function streamManager(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
}

/**
 * What is read of a stream or a message; undefined when there is no such stream or message: the server says so as an error
 * for some requests, the client as null for others.
 */
export async function found<T>(reading: Promise<T | null>): Promise<T | undefined> {
  try {
    return (await reading) ?? undefined;
  } catch (error) {
    if (isApiError(error, STREAM_NOT_FOUND) || isApiError(error, JetStreamApiCodes.NoMessageFound))
      return undefined;
    throw error;
  }
}

/** Of two limits, of which `unlimited` is the largest. */
function larger(current: number, wanted: number | undefined, unlimited: number): number {
  return current === unlimited ? current : Math.max(current, wanted ?? current);
}

/** The server has answered, and will answer the same again. All else is an outage: lost connections, silence. */
export function isRefusal(error: unknown): boolean {
  const answer = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (answer instanceof PermissionViolationError) return true;
  return answer instanceof JetStreamApiError && answer.status !== UNAVAILABLE;
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

/** The streams that consumers write to. */
export function consumerStreams(replicas: number): DesiredStream[] {
  const { name, subjects, maxAgeDays } = DEAD_LETTERS;
  const { name: marks, prefix, ...limits } = HANDLER_MARKS;
  return [
    streamConfig(name, subjects, { replicas, maxAgeDays }),
    streamConfig(marks, [`${prefix}.>`], { replicas, ...limits }),
  ];
}

/** The client tells a subject without a stream and a server without JetStream by the same (not exported) error. */
export function noStreamListens(error: unknown): boolean {
  return error instanceof Error && error.name === 'JetStreamNotEnabled';
}
